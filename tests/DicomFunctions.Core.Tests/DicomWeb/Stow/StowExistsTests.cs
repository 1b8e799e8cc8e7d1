using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Stow;

/// <summary>Servers that say an instance exists already: what they have is fetched and compared.</summary>
public sealed class StowExistsTests : IAsyncLifetime
{
    private const string Different = "the store holds a different instance under these UIDs";
    private const string NotCompared = "could not be compared";

    private static readonly FakeInstance File = FakeInstance.Of("1.2.1", pixelBytes: 300_000);

    private CoreHost _host = null!;

    private FakeDicomStore Server => _host.Server;

    public async Task InitializeAsync() =>
        _host = await CoreHost.StartAsync(CoreHost.SkippingClock(), settings: ("DicomWeb:MaxAttempts", "3"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>What the store answers to the retrieval, and what the upload then comes to: null is a success.</summary>
    private static Dictionary<string, (Func<HttpContext, Task> Answer, string? Failure)> Holdings => new()
    {
        ["the same bytes"] = (context => FakeDicomStore.InstanceAsync(context, File.Bytes), null),
        ["the same bytes, not multipart"] = (context => RawAsync(context, File.Bytes), null),
        ["the same bytes, to a request that wants no multipart"] =
            (context => Asks(context, "multipart") ? StatusAsync(context, 406) : RawAsync(context, File.Bytes), null),
        ["the same bytes, at the third time"] = (ThirdTime(), null),
        ["the same data set with a file meta of the store's"] = (
            context => FakeDicomStore.InstanceAsync(context, WithMeta("2.25.77", File.Bytes)), null),
        ["the same data set without preamble"] = (context => FakeDicomStore.InstanceAsync(context, File.Bytes[132..]), null),
        ["other pixels"] = (context => FakeDicomStore.InstanceAsync(context, FakeInstance.Of("1.2.1", 300_000, pixel: 9).Bytes), Different),
        ["another transfer syntax"] =
            (
                context => FakeDicomStore.InstanceAsync(
                    context, Some.DicomFile(instance: "1.2.1", transferSyntax: TransferSyntaxes.ImplicitLittleEndian, pixelBytes: 300_000)),
                Different),
        ["the same data set, said to be of another transfer syntax"] =
            (context => FakeDicomStore.InstanceAsync(context, WithMeta("2.25.1", File.Bytes, TransferSyntaxes.JpegBaseline)), Different),
        ["less"] = (context => FakeDicomStore.InstanceAsync(context, File.Bytes[..^2]), Different),
        ["more"] = (context => FakeDicomStore.InstanceAsync(context, [.. File.Bytes, 0, 0]), Different),
        ["more and more"] = (EndlessAsync, Different),
        ["nothing"] = (context => StatusAsync(context, 404), NotCompared),
        ["what may not be read"] = (context => StatusAsync(context, 403), NotCompared),
        ["trouble"] = (context => StatusAsync(context, 500), NotCompared),
        ["two parts"] = (TwoPartsAsync, NotCompared),
        ["a part that breaks off"] = (BrokenPartAsync, NotCompared),
        ["no part"] = (context => RawAsync(context, "--BOUND--\r\n"u8.ToArray(), "multipart/related; boundary=BOUND"), NotCompared),
        ["no boundary"] = (context => RawAsync(context, File.Bytes, "multipart/related"), NotCompared),
        ["a boundary among parameters written anyhow"] =
            (
                context => RawAsync(
                    context,
                    [.. "--=_b\r\n\r\n"u8, .. File.Bytes, .. "\r\n--=_b--"u8],
                    "multipart/related; type=application/dicom; boundary==_b"),
                null),
    };

    /// <summary>The ways in which a server says it; whether it does so in a list.</summary>
    private static Dictionary<string, (string Body, int Status, int? Code)> Answers => new()
    {
        ["Azure's failure"] = (StowAnswer.Of([], [StowAnswer.Failed("1.2.1", 45070)]), 409, 45070),
        ["Azure's warning"] = (StowAnswer.Of([StowAnswer.Stored("1.2.1", warning: 45070)], []), 202, 45070),
        ["a duplicate"] = (StowAnswer.Of([], [StowAnswer.Failed("1.2.1", 0x0111)]), 409, 0x0111),
        ["a duplicate, as a warning"] = (
            StowAnswer.Of([StowAnswer.Stored("1.2.1"), StowAnswer.Stored("1.2.1", warning: 0x0111)], []), 200, 0x0111),
        ["Google's detail"] = (StowAnswer.Of([], [StowAnswer.Failed("1.2.1", 0x0110, "already exists")]), 409, 0x0110),
        ["a failure that names nothing"] = (StowAnswer.Of([], [StowAnswer.Failed(null, 45070)]), 409, 45070),
        ["words alone"] = ("{\"error\":{\"code\":409,\"message\":\"The instance already exists.\"}}", 409, null),
    };

    public static TheoryData<string> Names() => [.. Answers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task StoreAsync_an_instance_that_exists_is_a_success_if_it_is_the_same(string name)
    {
        var (body, status, code) = Answers[name];
        Server.OnStow = async (context, seen) =>
        {
            if (!seen.Files.Any(file => file.AsSpan().SequenceEqual(File.Bytes)))
                return false;
            var beside = seen.Files.Count > 1 ? StowAnswer.Stored("1.2.9") : null;
            await FakeDicomStore.JsonAsync(
                context,
                beside is null ? body : body.Replace(
                    "\"00081199\":{\"vr\":\"SQ\"}", $"\"00081199\":{{\"vr\":\"SQ\",\"Value\":[{beside}]}}", StringComparison.Ordinal),
                status);
            return true;
        };
        foreach (var holding in Holdings)
        {
            Server.OnRetrieve = async context =>
            {
                await holding.Value.Answer(context);
                return true;
            };
            foreach (var instances in new[] { new[] { File }, [File, FakeInstance.Of("1.2.9")] })
            {
                var outcomes = await _host.Client.StoreAsync(CoreHost.Store, instances, CancellationToken.None);
                Assert.All(outcomes.Skip(1), outcome => Assert.True(outcome.Success));
                var outcome = outcomes[0];
                Assert.True((holding.Value.Failure is null) == outcome.Success, $"{holding.Key}: {outcome}");
                Assert.Equal(outcome.Success, outcome.AlreadyStored);
                Assert.Equal(outcome.Success ? 200 : 409, outcome.Status.Code);
                if (outcome.Success)
                    continue;
                Assert.Equal(code, outcome.Error!.FailureReason);
                Assert.Contains(holding.Value.Failure!, outcome.Error.Reason, StringComparison.Ordinal);
            }
        }

        Assert.Contains($"/studies/{Some.StudyUid}/series/{Some.SeriesUid}/instances/1.2.1", Server.Requests);
    }

    [Fact]
    public async Task StoreAsync_an_instance_that_exists_and_names_no_series_cannot_be_compared()
    {
        Server.OnStow = (context, _) => AnswerAsync(context, StowAnswer.Of([], [StowAnswer.Failed("1.2.1", 45070)]), 409);
        var file = new FakeInstance(Some.DicomFile(instance: "1.2.1", series: null));
        var outcome = Assert.Single(await _host.Client.StoreAsync(CoreHost.Store, [file], CancellationToken.None));
        Assert.Equal((false, 409), (outcome.Success, outcome.Status.Code));
        Assert.Contains("the file lacks its", outcome.Error!.Reason, StringComparison.Ordinal);
        Assert.Single(Server.Requests);
    }

    [Fact]
    public async Task StoreAsync_an_instance_that_exists_whose_source_cannot_be_read_again_is_a_failure()
    {
        Server.OnStow = (context, _) => AnswerAsync(context, StowAnswer.Of([], [StowAnswer.Failed("1.2.1", 45070)]), 409);
        Server.OnRetrieve = async context =>
        {
            await FakeDicomStore.InstanceAsync(context, File.Bytes);
            return true;
        };
        var outcome = Assert.Single(
            await _host.Client.StoreAsync(
                CoreHost.Store,
                [new OnceInstance(new StowSourceException(FailureCode.Changed, "The source changed."))],
                CancellationToken.None));
        Assert.Contains("The source changed", outcome.Error!.Reason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectStoreException>(
            () => _host.Client.StoreAsync(
                CoreHost.Store, [new OnceInstance(new ObjectStoreException("The disk is gone."))], CancellationToken.None));
    }

    [Fact]
    public async Task StoreAsync_an_answer_that_was_lost_and_then_says_it_exists_is_a_success()
    {
        var times = 0;
        Server.OnStow = async (context, seen) =>
        {
            if (++times > 1)
                return await AnswerAsync(context, StowAnswer.Of([], [StowAnswer.Failed("1.2.1", 45070)]), 409);
            Server.Stored["1.2.1"] = seen.Files[0];
            context.Abort();
            return true;
        };
        var outcome = Assert.Single(await _host.Client.StoreAsync(CoreHost.Store, [File], CancellationToken.None));
        Assert.True(outcome is { Success: true, AlreadyStored: true, Attempts: 2 });
    }

    private static bool Asks(HttpContext context, string what) =>
        context.Request.Headers.Accept.ToString().Contains(what, StringComparison.Ordinal);

    private static byte[] WithMeta(string instance, byte[] file, string syntax = TransferSyntaxes.ExplicitLittleEndian)
    {
        var meta = Some.DicomFileMeta("1.2.1", TransferSyntaxes.ExplicitLittleEndian);
        return
        [
            .. "An application's own preamble.".PadRight(128).Select(c => (byte)c), .. "DICM"u8, .. Some.DicomFileMeta(instance, syntax),
            .. file[(132 + meta.Length)..],
        ];
    }

    private static async Task<bool> AnswerAsync(HttpContext context, string body, int status)
    {
        await FakeDicomStore.JsonAsync(context, body, status);
        return true;
    }

    private static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static async Task RawAsync(HttpContext context, byte[] content, string type = "application/dicom")
    {
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(content);
    }

    private static Func<HttpContext, Task> ThirdTime()
    {
        var times = 0;
        return async context =>
        {
            if (++times % 3 == 0)
                await FakeDicomStore.InstanceAsync(context, File.Bytes);
            else
                await BrokenPartAsync(context);
        };
    }

    private static async Task EndlessAsync(HttpContext context)
    {
        context.Response.ContentType = "application/dicom";
        await context.Response.Body.WriteAsync(File.Bytes);
        while (!context.RequestAborted.IsCancellationRequested)
            await context.Response.Body.WriteAsync(new byte[1 << 16]);
    }

    private static Task TwoPartsAsync(HttpContext context) => RawAsync(
        context, [.. "--B\r\n\r\n"u8, .. File.Bytes, .. "\r\n--B\r\n\r\n"u8, .. File.Bytes, .. "\r\n--B--"u8],
        "multipart/related; boundary=B");

    /// <summary>The whole instance, but not the delimiter that says so.</summary>
    private static Task BrokenPartAsync(HttpContext context) =>
        RawAsync(context, [.. "--B\r\n\r\n"u8, .. File.Bytes], "multipart/related; boundary=B");

    /// <summary>An instance that can be read once, to be sent, and not again.</summary>
    private sealed class OnceInstance(Exception failure) : StowInstance
    {
        private bool _isRead;

        public override long? Length => File.Length;

        public override Core.Dicom.Part10Header Header => File.Header;

        public override Task CopyToAsync(Stream target, Action progress, CancellationToken cancellationToken)
        {
            if (_isRead)
                throw failure;
            _isRead = true;
            return File.CopyToAsync(target, progress, cancellationToken);
        }
    }
}
