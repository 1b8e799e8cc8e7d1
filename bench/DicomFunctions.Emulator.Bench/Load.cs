using System.Diagnostics;
using System.Net.Http.Headers;

namespace DicomFunctions.Emulator.Bench;

/// <summary>Sends requests over several connections for a while, one request at a time on each connection.</summary>
internal sealed class Load(ServerProcess server, int connections) : IDisposable
{
    private const string DicomWeb = "v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/";
    private readonly HttpClient _client =
        new(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = server.Address };

    public Task<Measurement> SearchAsync(string search, TimeSpan duration) => RunAsync(duration, async (_, _) =>
    {
        using var response = await _client.GetAsync(new Uri(DicomWeb + search, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        if ((int)response.StatusCode != 200)
        {
            throw new InvalidOperationException($"answered {(int)response.StatusCode}");
        }

        var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        long bytes = 0;
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
        {
            bytes += read;
        }

        return bytes;
    });

    /// <summary>Stores copies of an instance, each with a different SOP instance UID.</summary>
    public Task<Measurement> StowAsync(
        byte[] template, int uidAt, int round, TimeSpan duration) => RunAsync(duration, async (worker, number) =>
    {
        var bytes = (byte[])template.Clone();
        System.Text.Encoding.ASCII.GetBytes($"{round:D3}{worker:D3}{number:D9}").CopyTo(bytes.AsSpan(uidAt));
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
        using var response = await _client.PostAsync(new Uri(DicomWeb + "studies", UriKind.Relative), content);
        if ((int)response.StatusCode != 200)
        {
            throw new InvalidOperationException($"answered {(int)response.StatusCode}");
        }

        return bytes.Length;
    });

    /// <summary>The same, with several copies in each multipart request.</summary>
    public Task<Measurement> StowManyAsync(
        byte[] template, int uidAt, int round, int parts, TimeSpan duration) => RunAsync(duration, async (worker, number) =>
    {
        using var content = new MultipartContent("related", "some-boundary");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=some-boundary");
        for (var part = 0; part < parts; part++)
        {
            var bytes = (byte[])template.Clone();
            System.Text.Encoding.ASCII.GetBytes($"{round:D3}{worker:D3}{(number * parts) + part:D9}").CopyTo(bytes.AsSpan(uidAt));
            var one = new ByteArrayContent(bytes);
            one.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            content.Add(one);
        }

        using var response = await _client.PostAsync(new Uri(DicomWeb + "studies", UriKind.Relative), content);
        if ((int)response.StatusCode != 200)
        {
            throw new InvalidOperationException($"answered {(int)response.StatusCode}");
        }

        return template.Length * parts;
    });

    public void Dispose() => _client.Dispose();

    private async Task<Measurement> RunAsync(TimeSpan duration, Func<int, int, Task<long>> request)
    {
        var processor = server.ProcessorTime;
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(worker => Task.Run(async () =>
        {
            var (count, bytes) = (0, 0L);
            while (watch.Elapsed < duration)
            {
                bytes += await request(worker, count);
                count++;
            }

            return (count, bytes);
        })));
        var elapsed = watch.Elapsed.TotalSeconds;
        var total = counts.Sum(one => one.count);
        return new Measurement(
            total / elapsed, counts.Sum(one => one.bytes) / elapsed / 1e6, (server.ProcessorTime - processor).TotalMicroseconds / Math.Max(
                1, total));
    }
}
