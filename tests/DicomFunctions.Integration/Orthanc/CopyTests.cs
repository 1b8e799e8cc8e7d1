using System.Text.Json;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Orthanc;

/// <summary>An archive is copied from Orthanc to a store and back, by a host that is killed in mid-copy.</summary>
public sealed class CopyTests
{
    private const int Files = 500;
    private const int Kills = 4;

    private static readonly Dictionary<string, byte[]> Originals =
        Enumerable.Range(0, Files).ToDictionary(Uid, i => Some.DicomFile(Study(i), Series(i), Uid(i), pixelBytes: 600, pixel: (byte)i));

    [OrthancFact]
    public async Task Every_instance_arrives_byte_for_byte_there_and_back_with_the_host_killed_at_random()
    {
        await using var orthanc = await OrthancServer.StartAsync();
        await using var other = await OrthancServer.StartAsync();
        await using var emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        using var folder = new TempFolder();
        await FillAsync(orthanc);

        await CopyAsync(Root(orthanc.BaseUrl, OrthancServer.Store.ToString()), emulator.Url, Stores.Files, folder.Combine("there"));
        await AssertHoldsAsync(Root(emulator.Url, Stores.Files));

        await CopyAsync(
            Root(emulator.Url, Stores.Files), other.BaseUrl, OrthancServer.Store.ToString(), folder.Combine("back"));
        await AssertHoldsAsync(Root(other.BaseUrl, OrthancServer.Store.ToString()));
    }

    private static string Root(string baseUrl, string store) => $"{baseUrl}/{store}/dicomWeb";

    private static string Study(int number) => FormattableString.Invariant($"2.25.6.{number / 100}");

    private static string Series(int number) => FormattableString.Invariant($"{Study(number)}.{number / 25}");

    private static string Uid(int number) => FormattableString.Invariant($"{Series(number)}.{number}");

    private static async Task FillAsync(OrthancServer orthanc)
    {
        await using var host = new PeerHost(orthanc.BaseUrl);
        var records = await host.UploadAsync(Originals.Select(file => ($"{file.Key}.dcm", file.Value)));
        Assert.All(records, record => Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText()));
    }

    /// <summary>Runs a job of one search and kills its host, each time a few instances later; then lets it end.</summary>
    private static async Task CopyAsync(string source, string target, string store, string data)
    {
        var random = new Random(12);
        var settings = new Dictionary<string, string>(Faulty.Client)
        {
            ["DicomFunctions__Sources__DicomWeb__Source__Url"] = source,
            // Orthanc closes idle connections after half a second.
            ["DicomFunctions__DicomWeb__ConnectionIdleTimeout"] = "00:00:00.300",
            // Many runs, of the expansion and of the copying.
            ["DicomFunctions__Jobs__ActivityTime"] = "00:00:00",
            ["DicomFunctions__Jobs__LegTime"] = "00:00:00",
        };
        var stored = 0;
        string? id = null;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var killed = await ServeProcess.StartAsync(data, settings, "--base-url", target, "--store", store);
            id ??= await killed.SubmitAsync("api/upload", JsonSerializer.Serialize(new
            {
                // Small requests, so that the copying takes long enough to be killed in.
                destination = store,
                input_type = "fileio",
                buffer_size = 2,
                max_workers = 2,
                inputs = new[] { "dicomweb:SOURCE/studies" },
            }));
            // The first is killed while it finds out what there is to copy.
            var enough = kill == 0 ? 0 : stored + random.Next(5, 60);
            Assert.True(
                await Eventually.ComesAsync(
                    async () => (stored = (await InstancesAsync(Root(target, store))).Count) >= enough, TimeSpan.FromSeconds(20)),
                $"{stored} of {enough} before kill {kill}: {await killed.Http.GetStringAsync($"api/jobs/{id}")} {killed.Process.Error}");
            await Task.Delay(random.Next(50));
            Assert.Contains(await killed.StateAsync(id), (string[])["pending", "running"]);
            await killed.Process.KillAsync();
        }

        await using var serve = await ServeProcess.StartAsync(data, settings, "--base-url", target, "--store", store);
        await serve.CompletesAsync(id!);
        var records = await serve.RecordsAsync(id!);
        Assert.All(records, record => Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText()));
        Assert.Equal(
            Enumerable.Range(0, Files).Select(i => $"dicomweb:SOURCE/studies/{Study(i)}/series/{Series(i)}/instances/{Uid(i)}")
                .Order(StringComparer.Ordinal),
            records.Select(record => record.GetProperty("source").GetString()!).Order(StringComparer.Ordinal));
    }

    private static async Task AssertHoldsAsync(string root)
    {
        var found = await InstancesAsync(root);
        Assert.Equal(Originals.Keys.Order(StringComparer.Ordinal), found.Select(one => one.Uid).Order(StringComparer.Ordinal));
        using var http = new HttpClient();
        foreach (var (study, series, uid) in found)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{root}/studies/{study}/series/{series}/instances/{uid}");
            request.Headers.TryAddWithoutValidation("Accept", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
            request.Headers.ConnectionClose = true;
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsByteArrayAsync();
            Assert.True(body.AsSpan().IndexOf(Originals[uid]) > 0, $"{uid} is not the file that was sent.");
        }
    }

    private static async Task<List<(string Study, string Series, string Uid)>> InstancesAsync(string root)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync($"{root}/instances?limit=10000");
        using var rows = JsonDocument.Parse(text.Length == 0 ? "[]" : text);
        return
        [
            .. rows.RootElement.EnumerateArray()
                .Select(row => (Value(row, "0020000D"), Value(row, "0020000E"), Value(row, "00080018"))),
        ];
    }

    private static string Value(JsonElement row, string tag) => row.GetProperty(tag).GetProperty("Value")[0].GetString()!;
}
