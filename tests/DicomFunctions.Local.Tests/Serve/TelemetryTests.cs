using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using DicomFunctions.Emulator;
using DicomFunctions.Local.Serve;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace DicomFunctions.Local.Tests.Serve;

/// <summary>The trace of a job in this host, from its request to the calls of the store.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    private readonly TempFolder _folder = new();
    private readonly Signals _signals = new();
    private DicomStoreEmulator _emulator = null!;
    private WebApplication _host = null!;

    public async Task InitializeAsync()
    {
        _emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions());
        _host = await ServeHost.StartAsync(
            new Dictionary<string, string?>
            {
                ["DicomFunctions:Local:DataDirectory"] = _folder.Combine("data"),
                ["DicomFunctions:Local:Url"] = "http://127.0.0.1:0",
                ["DicomFunctions:DicomWeb:BaseUrl"] = new Uri(_emulator.BaseAddress, "v1").AbsoluteUri,
                ["DicomFunctions:Authorization:Mode"] = "None",
                ["DicomFunctions:Sources:AllowedRoots:0"] = _folder.Path,
            },
            CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        await _emulator.DisposeAsync();
        _signals.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_job_is_one_trace_from_its_request_to_the_calls_of_the_store_and_names_no_patient()
    {
        await File.WriteAllBytesAsync(_folder.Combine("DOE^JANE.dcm"), Some.DicomFile());
        await File.WriteAllBytesAsync(_folder.Combine("ROE^RICHARD.dcm"), [1, 2, 3]);
        using var caller = _signals.BeginCaller();
        using var http = new HttpClient { BaseAddress = new Uri(_host.Urls.Single()) };
        http.DefaultRequestHeaders.Add("traceparent", caller.Id);
        using var body = JsonContent.Create(new
        {
            destination = Store,
            inputs = new[] { "DOE^JANE.dcm", "ROE^RICHARD.dcm", "none.dcm" }.Select(name => $"file:{_folder.Combine(name)}"),
        });
        using var answer = await http.PostAsync("/api/upload?code=topsecret&wait=60", body);
        Assert.Equal(200, (int)answer.StatusCode);
        var records = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([true, false, false], records.Select(line => JsonElement.Parse(line).GetProperty("success").GetBoolean()));
        await Eventually.HoldsAsync(
            () => Spans().Any(span => span.Kind == ActivityKind.Server)
                && Spans().Any(span => span.OperationName == "orchestration JobWorkflow"),
            "the request and the turn have ended");

        var spans = Spans().ToDictionary(span => span.SpanId);
        Assert.Equal(caller.SpanId, Only("POST /api/upload").ParentSpanId);
        Assert.Equal(Only("POST /api/upload").SpanId, Only("orchestration JobWorkflow").ParentSpanId);
        Assert.All(spans.Values.Where(span => span.OperationName.StartsWith("activity ", StringComparison.Ordinal)), span =>
            Assert.Equal(Only("orchestration JobWorkflow").SpanId, span.ParentSpanId));
        var call = Only("store");
        Assert.Equal("activity RunBatches", spans[call.ParentSpanId].OperationName);
        Assert.Equal(ActivityKind.Client, call.Kind);
        Assert.Equal(200, call.GetTagItem("http.response.status_code"));
        Assert.Equal(200, Only("POST /api/upload").GetTagItem("http.response.status_code"));

        var text = _signals.AsText();
        Assert.All(
            [Some.StudyUid, Some.InstanceUid, "DOE", "ROE", ".dcm", "topsecret", "dicomStores", _folder.Path],
            secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));

        IEnumerable<Activity> Spans() => _signals.Of(caller.TraceId);
        Activity Only(string name) => Assert.Single(spans.Values, span => span.OperationName == name);
    }

    [Fact]
    public async Task A_request_is_named_by_its_route_and_not_by_its_path()
    {
        using var caller = _signals.BeginCaller();
        using var http = new HttpClient { BaseAddress = new Uri(_host.Urls.Single()) };
        http.DefaultRequestHeaders.Add("traceparent", caller.Id);
        using (await http.GetAsync("/api/jobs/DOE%5EJANE?code=topsecret"))
        using (await http.GetAsync("/api/ROE/RICHARD"))
            await Eventually.HoldsAsync(() => _signals.Of(caller.TraceId).Count == 2, "both spans have ended");

        Assert.Equal(["GET /api/jobs/{id}", "GET {*path}"], _signals.Of(caller.TraceId).Select(span => span.OperationName).Order());
        Assert.All(_signals.Of(caller.TraceId), span => Assert.Equal(404, span.GetTagItem("http.response.status_code")));
    }
}
