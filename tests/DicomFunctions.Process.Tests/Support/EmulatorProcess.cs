using System.Net.Http.Json;
using System.Text.Json;

namespace DicomFunctions.Process.Tests.Support;

/// <summary>An emulated DICOM store in a process of its own.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private readonly DicomFn _process;
    private readonly HttpClient _http;

    private EmulatorProcess(DicomFn process, string url)
    {
        _process = process;
        Url = url;
        _http = new HttpClient { BaseAddress = new Uri(new Uri(url), "/") };
    }

    /// <summary>For <c>--base-url</c>.</summary>
    public string Url { get; }

    public bool HasExited => _process.HasExited;

    public static async Task<EmulatorProcess> StartAsync(params string[] arguments)
    {
        var process = DicomFn.Start(["emulator", "--url", "http://127.0.0.1:0", "--no-flush", .. arguments]);
        return await process.OutputText.ReadLineAsync() is { } url
            ? new EmulatorProcess(process, url)
            : throw new InvalidOperationException($"The emulator did not start: {process.Error}");
    }

    /// <summary>Sets what goes wrong at a store.</summary>
    public Task SetFaultsAsync(string store, object faults) => PutAsync("faults", store, faults);

    /// <summary>Ends all faults.</summary>
    public async Task ClearFaultsAsync()
    {
        using var answer = await _http.DeleteAsync("emulator/faults");
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Makes a store answer with rows made up.</summary>
    public Task SetSyntheticAsync(string store, int rows, int rowBytes) => PutAsync("synthetic", store, new { rows, rowBytes });

    /// <summary>How many DICOMweb requests there were.</summary>
    public async Task<long> CountRequestsAsync()
    {
        using var statistics = JsonDocument.Parse(await _http.GetStringAsync("emulator/statistics"));
        return statistics.RootElement.GetProperty("dicomWeb").GetProperty("count").GetInt64();
    }

    /// <summary>The SOP instance UIDs a store holds, each as often as it is there.</summary>
    public Task<List<string>> InstancesAsync(string store) => UidsAsync(store, "instances?limit=50000", "00080018");

    /// <summary>The only study of a store.</summary>
    public async Task<string> StudyAsync(string store) => (await UidsAsync(store, "studies", "0020000D")).Single();

    private async Task<List<string>> UidsAsync(string store, string query, string tag)
    {
        using var answer = await _http.GetAsync($"v1/{store}/dicomWeb/{query}");
        answer.EnsureSuccessStatusCode();
        var text = await answer.Content.ReadAsStringAsync();
        using var rows = JsonDocument.Parse(text.Length == 0 ? "[]" : text);
        return [.. rows.RootElement.EnumerateArray().Select(row => row.GetProperty(tag).GetProperty("Value")[0].GetString()!)];
    }

    /// <summary>The file of an instance, as it was stored.</summary>
    public async Task<byte[]> InstanceAsync(string store, string study, string series, string instance)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"v1/{store}/dicomWeb/studies/{study}/series/{series}/instances/{instance}");
        request.Headers.TryAddWithoutValidation("Accept", "application/dicom; transfer-syntax=*");
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }

    private async Task PutAsync(string what, string store, object value)
    {
        using var answer = await _http.PutAsJsonAsync($"emulator/{what}?store={store}", value);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
