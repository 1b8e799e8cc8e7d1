using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Wado;

public sealed class OpenInstanceTests : IAsyncLifetime
{
    private const int Large = 6_000_000;

    private static readonly RetrieveRequest Request = new()
    {
        Store = CoreHost.Store,
        StudyUid = Some.StudyUid,
        SeriesUid = Some.SeriesUid,
        SopInstanceUid = Some.InstanceUid,
    };

    private CoreHost _host = null!;
    private int _requests;

    public async Task InitializeAsync() =>
        _host = await CoreHost.StartAsync(CoreHost.SkippingClock(), settings: ("DicomWeb:MaxAttempts", "3"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(4, true, true)]
    [InlineData(4, false, true)]
    [InlineData(300_000, true, true)]
    [InlineData(Large, true, false)]
    [InlineData(Large, false, false)]
    public async Task It_is_read_byte_by_byte_and_a_small_one_has_a_length(int pixelBytes, bool isMultipart, bool hasLength)
    {
        var file = Some.DicomFile(pixelBytes: pixelBytes);
        Answer(context => isMultipart
            ? WadoAnswer.SendAsync(context, WadoAnswer.Body(file))
            : WadoAnswer.SendAsync(context, file, "application/dicom"));
        await using var instance = await OpenedAsync();
        Assert.Equal(hasLength ? file.Length : null, instance.Length);
        Assert.Equal(file, await AllAsync(instance));
        Assert.Single(_host.Server.Requests);
    }

    [Fact]
    public async Task A_large_one_that_comes_as_it_is_has_the_length_that_the_server_says()
    {
        var file = Some.DicomFile(pixelBytes: Large);
        Answer(async context =>
        {
            context.Response.ContentLength = file.Length;
            return await WadoAnswer.SendAsync(context, file, "application/dicom");
        });
        await using var instance = await OpenedAsync();
        Assert.Equal(file.Length, instance.Length);
        Assert.Equal(file, await AllAsync(instance));
    }

    [Fact]
    public async Task A_server_that_does_not_send_multipart_is_asked_for_it_as_it_is()
    {
        var file = Some.DicomFile();
        List<string> accepts = [];
        Answer(async context =>
        {
            accepts.Add(context.Request.Headers.Accept.ToString());
            if (accepts.Count > 1)
                return await WadoAnswer.SendAsync(context, file, "application/dicom");
            context.Response.StatusCode = 406;
            return true;
        });
        await using var instance = await OpenedAsync();
        Assert.Equal(file, await AllAsync(instance));
        Assert.Equal(["multipart/related; type=\"application/dicom\"; transfer-syntax=*", "application/dicom; transfer-syntax=*"], accepts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_beginning_that_breaks_off_is_asked_for_again(bool isMultipart)
    {
        var file = Some.DicomFile(pixelBytes: 500_000);
        var body = isMultipart ? WadoAnswer.Body(file) : file;
        var type = isMultipart ? WadoAnswer.Type : "application/dicom";
        Answer(async context =>
        {
            if (++_requests > 2)
                return await WadoAnswer.SendAsync(context, body, type);
            context.Response.ContentLength = body.Length;
            context.Response.ContentType = type;
            await context.Response.Body.WriteAsync(body.AsMemory(0, _requests * 100_000));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        });
        var opening = await OpenAsync();
        Assert.Equal((true, 3), (opening.IsOpen, opening.Outcome.Attempts));
        await using var instance = opening.Instance!;
        Assert.Equal(file, await AllAsync(instance));
    }

    [Fact]
    public async Task A_rest_that_breaks_off_is_no_end()
    {
        var body = WadoAnswer.Body(Some.DicomFile(pixelBytes: Large))[..^100];
        Answer(context => WadoAnswer.SendAsync(context, body));
        await using var instance = await OpenedAsync();
        await Assert.ThrowsAsync<EndOfStreamException>(() => AllAsync(instance));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(Large)]
    public async Task Two_instances_are_not_one(int pixelBytes)
    {
        var file = Some.DicomFile(pixelBytes: pixelBytes);
        Answer(context => WadoAnswer.SendAsync(context, WadoAnswer.Body(file, file)));
        var opening = await OpenAsync();
        if (opening.Instance is { } instance)
        {
            await using (instance)
                await Assert.ThrowsAnyAsync<IOException>(() => AllAsync(instance));
        }
        else
        {
            Assert.Equal("The answer has more than the one instance asked for.", opening.Outcome.Status.Text);
        }

        Assert.Equal(pixelBytes == Large, opening.IsOpen);
        Assert.Single(_host.Server.Requests);
    }

    [Theory]
    [InlineData(Some.StudyUid, Some.SeriesUid, "9.9")]
    [InlineData(Some.StudyUid, "9.9", Some.InstanceUid)]
    [InlineData("9.9", Some.SeriesUid, Some.InstanceUid)]
    public async Task Another_instance_is_refused(string study, string series, string sopInstance)
    {
        Answer(context => WadoAnswer.SendAsync(context, WadoAnswer.Body(Some.DicomFile(study, series, sopInstance))));
        var opening = await OpenAsync();
        Assert.False(opening.IsOpen);
        Assert.Equal("The server sent another instance than the one asked for.", opening.Outcome.Status.Text);
        Assert.False(opening.Outcome.IsTransient);
    }

    [Theory]
    [InlineData(404, 1, false)]
    [InlineData(410, 1, false)]
    [InlineData(403, 1, false)]
    [InlineData(503, 3, true)]
    public async Task A_refusal_is_an_outcome(int status, int attempts, bool isTransient)
    {
        Answer(context =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        });
        var opening = await OpenAsync();
        Assert.False(opening.IsOpen);
        Assert.Equal(
            (OutcomeStatus.Of(status), attempts, isTransient),
            (opening.Outcome.Status, opening.Outcome.Attempts, opening.Outcome.IsTransient));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(206)]
    public async Task Nothing_and_not_all_are_no_instance(int status)
    {
        Answer(context => status == 204
            ? WadoAnswer.SendAsync(context, [], type: null, status)
            : WadoAnswer.SendAsync(context, WadoAnswer.Body(Some.DicomFile()), status: status));
        var opening = await OpenAsync();
        Assert.False(opening.IsOpen);
        Assert.Equal(OutcomeStatus.Of(status), opening.Outcome.Status);
    }

    [Fact]
    public async Task A_request_for_a_study_is_refused()
    {
        var opening = await _host.Client.OpenInstanceAsync(Request with { SopInstanceUid = null }, CancellationToken.None);
        Assert.Equal("The request must name an instance.", opening.Outcome.Status.Text);
    }

    [Fact]
    public async Task A_read_that_waits_ends_when_it_is_cancelled()
    {
        var isOver = new TaskCompletionSource();
        var body = WadoAnswer.Body(Some.DicomFile(pixelBytes: Large));
        Answer(async context =>
        {
            context.Response.ContentType = WadoAnswer.Type;
            await context.Response.Body.WriteAsync(body.AsMemory(0, 5_000_000));
            await context.Response.Body.FlushAsync();
            await isOver.Task;
            return true;
        });
        await using var instance = await OpenedAsync();
        using var stop = new CancellationTokenSource();
        var reading = instance.Content.CopyToAsync(Stream.Null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.InTime());
        isOver.SetResult();
    }

    private void Answer(Func<HttpContext, Task<bool>> answer) => _host.Server.OnRetrieve = answer;

    private ValueTask<InstanceOpening> OpenAsync() => _host.Client.OpenInstanceAsync(Request, CancellationToken.None);

    private async Task<OpenedInstance> OpenedAsync()
    {
        var opening = await OpenAsync();
        Assert.True(opening.IsOpen, opening.Outcome.ToString());
        return opening.Instance;
    }

    private static async Task<byte[]> AllAsync(OpenedInstance instance)
    {
        using var copy = new MemoryStream();
        await instance.Content.CopyToAsync(copy);
        return copy.ToArray();
    }
}
