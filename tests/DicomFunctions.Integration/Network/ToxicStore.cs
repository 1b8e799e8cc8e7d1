using System.Text.Json;
using DicomFunctions.Emulator;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Integration.Peers;

namespace DicomFunctions.Integration.Network;

/// <summary>An emulated DICOM store behind a bad network, and a way round that.</summary>
internal sealed class ToxicStore : IAsyncDisposable
{
    public static readonly string Name = OrthancServer.Store.ToString();

    private readonly DicomStoreEmulator _emulator;
    private readonly HttpClient _http;

    private ToxicStore(DicomStoreEmulator emulator, Func<int, Toxic> script)
    {
        _emulator = emulator;
        _http = new HttpClient { BaseAddress = new Uri(emulator.BaseAddress, $"v1/{Name}/dicomWeb/") };
        Proxy = new ToxicProxy(emulator.BaseAddress, script);
    }

    public ToxicProxy Proxy { get; }

    /// <summary>The store by way of the network.</summary>
    public string BaseUrl => new Uri(Proxy.Address, "v1").ToString();

    /// <summary>Requests that reached it.</summary>
    public long Requests => _emulator.Statistics.Snapshot().DicomWeb.Count;

    /// <param name="script">What is done to the first connection (0), the second, …</param>
    public static async Task<ToxicStore> StartAsync(Func<int, Toxic> script) =>
        new(await DicomStoreEmulator.StartAsync(new EmulatorOptions { PubSubEmulatorHost = "" }), script);

    /// <summary>Starts one that is bad for its first connection and good for the others.</summary>
    public static Task<ToxicStore> StartAsync(Toxic first) => StartAsync(connection => connection == 0 ? first : Toxic.None);

    /// <summary>Makes it answer searches with rows made up.</summary>
    public void SetRows(int rows, int rowBytes = 400) =>
        _emulator.Faults.SetSynthetic(Name, new SyntheticAnswers { Rows = rows, RowBytes = rowBytes });

    /// <summary>Makes it answer badly.</summary>
    public void SetFaults(FaultOptions faults) => _emulator.Faults.Set(Name, faults);

    /// <summary>What a search for all instances finds, each row as it is written.</summary>
    public async Task<List<string>> RowsAsync()
    {
        var text = await _http.GetStringAsync("instances?limit=50000");
        using var rows = JsonDocument.Parse(text.Length == 0 ? "[]" : text);
        return [.. rows.RootElement.EnumerateArray().Select(row => row.GetRawText())];
    }

    /// <summary>Checks that it holds these files, each byte for byte, and nothing else.</summary>
    public async Task AssertHoldsAsync(IReadOnlyList<ToxicFile> files)
    {
        Assert.Equal(
            files.Select(file => file.Instance).Order(StringComparer.Ordinal), (await InstancesAsync()).Order(StringComparer.Ordinal));
        foreach (var file in files)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"studies/{ToxicFile.Study}/series/{ToxicFile.Series}/instances/{file.Instance}");
            request.Headers.TryAddWithoutValidation("Accept", "application/dicom; transfer-syntax=*");
            using var answer = await _http.SendAsync(request);
            Assert.Equal(file.Content, await answer.Content.ReadAsByteArrayAsync());
        }
    }

    /// <summary>Those of these files whose instances it holds, in their order.</summary>
    public async Task<List<ToxicFile>> HeldAsync(IEnumerable<ToxicFile> files)
    {
        var instances = await InstancesAsync();
        return [.. files.Where(file => instances.Contains(file.Instance))];
    }

    private async Task<List<string>> InstancesAsync() =>
        [.. (await RowsAsync()).Select(row => JsonElement.Parse(row).GetProperty("00080018").GetProperty("Value")[0].GetString()!)];

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        _http.Dispose();
        await _emulator.DisposeAsync();
    }
}
