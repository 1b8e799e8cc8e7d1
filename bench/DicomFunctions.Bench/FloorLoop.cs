using System.Globalization;
using System.Net.Http.Headers;

namespace DicomFunctions.Bench;

/// <summary>
/// The floor: what anybody would write who just wants the answers, <see cref="HttpClient"/> in a loop. Reads orders from standard
/// input, answers each with a line when it is done.
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
                "lookup" => await RunAsync(count, workers, number => SearchAsync(client, root + Load.Search(store, number, isLookup: true))),
                "study" => await RunAsync(count, workers, number => SearchAsync(client, root + Load.Search(store, number, isLookup: false))),
                _ => await RunAsync(count, workers, number => UploadAsync(
                    client, $"{root}{Load.Path(store)}/dicomWeb/studies", Path.Combine(order[5], Load.FileName(number)))),
            };
            Console.WriteLine(bytes.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private static async Task<long> SearchAsync(HttpClient client, string url) => (await client.GetByteArrayAsync(new Uri(url))).Length;

    private static async Task<long> UploadAsync(HttpClient client, string url, string file)
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
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
