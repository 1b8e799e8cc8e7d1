using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Network;

/// <summary>A bad network before <c>dicomfn serve</c>: a job is accepted whole or not at all, and the host stays up.</summary>
public sealed class ToxicClientTests : IAsyncLifetime
{
    private const int Inputs = 20_000;

    private readonly TempFolder _folder = new();
    private EmulatorProcess _emulator = null!;
    private ServeProcess _serve = null!;
    private List<string> _atStart = [];

    public async Task InitializeAsync()
    {
        _emulator = await EmulatorProcess.StartAsync();
        await _emulator.SetSyntheticAsync(Stores.Rows, rows: 10, rowBytes: 4_000);
        _serve = await ServeProcess.StartAsync(_folder.Path, settings: null, "--base-url", _emulator.Url, "--store", Stores.Files);
        _atStart = FilesOnDisk();
    }

    public async Task DisposeAsync()
    {
        await _serve.DisposeAsync();
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_a_jobs_body_leaves_no_job_and_no_file()
    {
        var body = Body(Inputs);
        foreach (var ending in new[] { Ending.Reset, Ending.Close })
        {
            foreach (var after in new[] { 1, 100, 500, 1_500_000, body.Length - 100 })
            {
                await using var proxy = new ToxicProxy(_serve.Http.BaseAddress!, _ => Toxic.ResetInRequest(after) with { Ending = ending });
                using var http = new HttpClient { BaseAddress = proxy.Address };
                using var content = new ByteArrayContent(body);
                await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync("api/search", content));
            }
        }

        // More than a block of inputs, so that some of them are staged.
        using var staged = new ByteArrayContent(body);
        await BreakOnceOnDiskAsync("api/search", staged, requestBytes: 2_000_000);
        Assert.Empty(await JobsAsync());
        Assert.True(await _serve.IsHealthyAsync());
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_a_files_body_leaves_no_job_and_no_file()
    {
        var file = Some.DicomFile(pixelBytes: 3 << 20);
        foreach (var after in new[] { 500, 100_000, file.Length - 1_000 })
        {
            await using var proxy = new ToxicProxy(_serve.Http.BaseAddress!, _ => Toxic.ResetInRequest(after));
            using var http = new HttpClient { BaseAddress = proxy.Address };
            using var content = new ByteArrayContent(file);
            content.Headers.ContentType = new("application/dicom");
            await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync($"api/upload?destination={Stores.Files}", content));
        }

        using var kept = new ByteArrayContent(file);
        kept.Headers.ContentType = new("application/dicom");
        await BreakOnceOnDiskAsync($"api/upload?destination={Stores.Files}", kept, requestBytes: 2_500_000);
        Assert.Empty(await JobsAsync());
        Assert.Empty(await _emulator.InstancesAsync(Stores.Files));
        Assert.True(await _serve.IsHealthyAsync());
    }

    [Fact]
    public async Task A_job_whose_answer_is_lost_is_there_and_whole()
    {
        await using var proxy = new ToxicProxy(_serve.Http.BaseAddress!, _ => Toxic.ResetBeforeAnswer);
        using var http = new HttpClient { BaseAddress = proxy.Address };
        using var content = new ByteArrayContent(Body(20));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync("api/search", content));

        var id = Assert.Single(await JobsAsync());
        await _serve.CompletesAsync(id);

        Assert.Equal(20, (await _serve.RecordsAsync(id)).Count(record => record.IsSuccess()));
    }

    [Fact]
    public async Task A_body_that_comes_slowly_is_taken_whole_and_holds_up_nobody()
    {
        var body = Body(60);
        await using var proxy = new ToxicProxy(
            _serve.Http.BaseAddress!, _ => new Toxic { BytesPerSecond = body.Length / 2, ChunkBytes = 200 });
        using var http = new HttpClient { BaseAddress = proxy.Address };
        using var content = new HeldContent(body);
        var posting = http.PostAsync("api/search", content);
        await content.HalfSent.Task.InTime();

        var other = await _serve.SubmitAsync("api/search", $"[{Stores.Request("studies", "")}]");
        await _serve.CompletesAsync(other);

        Assert.False(posting.IsCompleted);
        content.Go.SetResult();
        using var answer = await posting;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("id").GetString()!;
        await _serve.CompletesAsync(id);
        Assert.Equal(60, (await _serve.RecordsAsync(id)).Count(record => record.IsSuccess()));
    }

    [Fact]
    public async Task Clients_that_do_not_read_their_results_hold_up_neither_others_nor_memory()
    {
        const long Most = 48 << 20;
        // 32 MB of results, which each of these clients asks for and leaves lying.
        var id = await _serve.SubmitAsync("api/search", Encoding.UTF8.GetString(Body(800)));
        await _serve.CompletesAsync(id);
        var whole = (await _serve.RecordsAsync(id)).Count;
        var before = _serve.Process.PeakBytes;
        List<TcpClient> idle = [];
        try
        {
            for (var i = 0; i < 16; i++)
            {
                var client = new TcpClient { ReceiveBufferSize = 8 << 10 };
                idle.Add(client);
                await client.ConnectAsync(_serve.Http.BaseAddress!.Host, _serve.Http.BaseAddress.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"GET /api/jobs/{id}/results HTTP/1.1\r\nHost: {_serve.Http.BaseAddress.Authority}\r\n\r\n"));
                // The answer has begun, so the rest of it waits.
                Assert.Equal((byte)'H', await FirstAsync(client));
            }

            for (var i = 0; i < 5; i++)
                Assert.Equal(whole, (await _serve.RecordsAsync(id)).Count);
            Assert.True(await _serve.IsHealthyAsync());
            Assert.InRange(_serve.Process.PeakBytes - before, 0, Most);
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }

        Assert.Equal(whole, (await _serve.RecordsAsync(id)).Count);
    }

    /// <summary>Sends a body, breaks the connection when some of it is on the host's disk, and waits until nothing of it is.</summary>
    private async Task BreakOnceOnDiskAsync(string path, HttpContent body, long requestBytes)
    {
        await using var proxy = new ToxicProxy(
            _serve.Http.BaseAddress!, _ => new Toxic { RequestBytes = requestBytes, Ending = Ending.Silence });
        using var http = new HttpClient { BaseAddress = proxy.Address };
        await Eventually.HoldsAsync(() => FilesOnDisk().SequenceEqual(_atStart), "nothing of earlier requests is left");
        var posting = http.PostAsync(path, body);
        await Eventually.HoldsAsync(() => !FilesOnDisk().SequenceEqual(_atStart), "some of the request is on the disk");

        proxy.Reset();

        await Assert.ThrowsAsync<HttpRequestException>(() => posting);
        await Eventually.HoldsAsync(() => FilesOnDisk().SequenceEqual(_atStart), "nothing of the broken request is left");
    }

    private static async Task<byte> FirstAsync(TcpClient client)
    {
        var first = new byte[1];
        await client.GetStream().ReadExactlyAsync(first).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        return first[0];
    }

    private static byte[] Body(int inputs) =>
        Encoding.UTF8.GetBytes(
            $"[{string.Join(",\n", Enumerable.Range(0, inputs).Select(i => Stores.Request("studies", $"\"PatientID\":\"{i}\"")))}]");

    /// <summary>Everything the host keeps, finished or staged.</summary>
    private List<string> FilesOnDisk() =>
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private async Task<List<string>> JobsAsync()
    {
        var page = JsonElement.Parse(await _serve.Http.GetStringAsync("api/jobs"));
        return [.. page.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()!)];
    }

    /// <summary>A body whose second half is held back until told to go.</summary>
    private sealed class HeldContent(byte[] body) : HttpContent
    {
        public TaskCompletionSource HalfSent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
            await stream.FlushAsync();
            HalfSent.SetResult();
            await Go.Task;
            await stream.WriteAsync(body.AsMemory(body.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
