using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace DicomFunctions.Bench;

/// <summary>
/// The floor: the simplest program that gets the answers, <see cref="HttpClient"/> in a loop; and the simplest program that keeps them,
/// which also validates each answer as JSON and writes it to a file, synced at the end, or hashes each instance and writes it to a file
/// of its own, synced. Reads orders from standard input, and prints a
/// line when each is done.
/// </summary>
internal static class FloorLoop
{
    public static async Task<int> RunAsync()
    {
        using var client = new HttpClient();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var order = line.Split(' ');
            var (root, store, count, workers) = (order[1], order[2], Number(order[3]), Number(order[4]));
            var bytes = order[0] switch
            {
                "lookup" or "study" => await RunAsync(count, workers, async number =>
                    (await SearchAsync(client, root + Load.Search(store, number, order[0] == "lookup"))).Length),
                "keep-lookup" or "keep-study" => await KeepAsync(order[5], workers, keep => RunAsync(count, workers, async number =>
                    await keep(await SearchAsync(client, root + Load.Search(store, number, order[0] == "keep-lookup"))))),
                "retrieve" => await RunAsync(count, workers, async number =>
                    (await RetrieveAsync(client, root + Load.Instance(store, number, Number(order[5])))).Length),
                "keep-retrieve" => await RunAsync(count, workers, async number => Keep(
                    await RetrieveAsync(client, root + Load.Instance(store, number, Number(order[5]))),
                    Path.Combine(order[6], $"{number}"))),
                "copy" => await RunAsync(count, workers, async number => await StoreAsync(
                    client,
                    $"{root}{Load.Path(order[6])}/dicomWeb/studies",
                    await RetrieveAsync(client, root + Load.Instance(store, number, Number(order[5]))))),
                _ => await RunAsync(count, workers, async number => await StoreAsync(
                    client,
                    $"{root}{Load.Path(store)}/dicomWeb/studies",
                    await File.ReadAllBytesAsync(Path.Combine(order[5], Load.FileName(number))))),
            };
            Console.WriteLine(bytes.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private static Task<byte[]> SearchAsync(HttpClient client, string url) => client.GetByteArrayAsync(new Uri(url));

    private static async Task<byte[]> RetrieveAsync(HttpClient client, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url));
        request.Headers.TryAddWithoutValidation("Accept", "application/dicom; transfer-syntax=*");
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Writes a file and syncs it.</summary>
    private static long Keep(byte[] file, string path)
    {
        SHA256.HashData(file);
        using var kept = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(kept, file, fileOffset: 0);
        RandomAccess.FlushToDisk(kept);
        return file.Length;
    }

    /// <summary>Provides a function that writes an answer to one of the files, of which there is one per worker.</summary>
    private static async Task<long> KeepAsync(string folder, int workers, Func<Func<byte[], Task<long>>, Task<long>> run)
    {
        var files = new ConcurrentBag<FileStream>(Enumerable.Range(0, workers).Select(worker =>
            new FileStream(
                Path.Combine(folder, $"kept-{worker}"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024)));
        var bytes = await run(async answer =>
        {
            Check(answer);
            if (!files.TryTake(out var file))
                throw new InvalidOperationException("There are more workers than files.");
            await file.WriteAsync(answer);
            file.WriteByte((byte)'\n');
            files.Add(file);
            return answer.Length;
        });
        foreach (var file in files)
        {
            file.Flush(flushToDisk: true);
            await file.DisposeAsync();
        }

        return bytes;
    }

    private static void Check(byte[] answer)
    {
        var reader = new Utf8JsonReader(answer);
        while (reader.Read())
        {
        }
    }

    private static async Task<long> StoreAsync(HttpClient client, string url, byte[] file)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
        using var response = await client.PostAsync(new Uri(url), content);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsByteArrayAsync()).Length;
    }

    private static async Task<long> RunAsync(int count, int workers, Func<int, Task<long>> request)
    {
        var next = -1;
        var bytes = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            var sum = 0L;
            for (var number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
                sum += await request(number);
            return sum;
        })));
        return bytes.Sum();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
