using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Testing;
using Xunit;
using Xunit.Abstractions;

namespace DicomFunctions.EndToEnd;

[Collection(FunctionApp.Collection)]
public sealed class FunctionAppTests(FunctionApp app, ITestOutputHelper output)
{
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SomeMinutes = TimeSpan.FromMinutes(4);

    private readonly FunctionAppClient _client = new(app);

    [EndToEndFact]
    public Task The_app_tells_of_itself() => RunAsync(async () =>
    {
        Assert.Equal("ok", JsonNode.Parse(await _client.GetAsync("health"))!["status"]!.GetValue<string>());
        Assert.StartsWith(
            "3.", JsonNode.Parse(await _client.GetAsync("openapi.json"))!["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        using var missing = await app.Http.GetAsync(new Uri("api/jobs/20260101-000000-000000", UriKind.Relative));
        Assert.Equal(
            (HttpStatusCode.NotFound, "application/problem+json"), (missing.StatusCode, missing.Content.Headers.ContentType?.MediaType));
    });

    [EndToEndFact]
    public Task A_file_sent_is_stored_and_found() => RunAsync(async () =>
    {
        using var file = Dicom(Some.DicomFile(instance: "2.25.77.1"));
        var records = FunctionAppClient.Records(await _client.PostAsync($"upload?destination={Store("sent")}&wait=200", file));
        var search = FunctionAppClient.Records(await _client.PostAsync("search?wait=200", Search("sent")));

        Assert.True(Assert.Single(records)["success"]!.GetValue<bool>(), records[0].ToJsonString());
        Assert.True(search[0]["success"]!.GetValue<bool>(), search[0].ToJsonString());
        var row = Assert.Single(search[0]["result"]!.AsArray())!;
        Assert.Equal("2.25.77.1", row["00080018"]!["Value"]![0]!.GetValue<string>());
    });

    [EndToEndFact]
    public Task Files_sent_as_multipart_have_each_a_record() => RunAsync(async () =>
    {
        using var body = new MultipartContent("related", "a-boundary");
        body.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/related; type=\"application/dicom\"; boundary=a-boundary");
        body.Add(Dicom(Some.DicomFile(instance: "2.25.78.1")));
        body.Add(Dicom("no DICOM"u8.ToArray()));
        body.Add(Dicom(Some.DicomFile(instance: "2.25.78.2")));
        var records = FunctionAppClient.Records(await _client.PostAsync($"upload?destination={Store("multipart")}&wait=200", body));

        Assert.Equal([true, false, true], records.Select(record => record["success"]!.GetValue<bool>()));
    });

    [EndToEndFact]
    public Task Files_that_lie_in_the_object_store_are_uploaded_by_pattern() => RunAsync(async () =>
    {
        var (drop, other) = (app.Azurite.Container("drop"), app.Azurite.Container("other"));
        await other.CreateIfNotExistsAsync();
        await other.UploadBlobAsync("0.dcm", BinaryData.FromBytes(Some.DicomFile(instance: "2.25.79.9")));
        for (var i = 0; i < 5; i++)
            await drop.UploadBlobAsync($"archive/day/{i}.dcm", BinaryData.FromBytes(Some.DicomFile(instance: $"2.25.79.{i}")));
        var id = await _client.SubmitAsync(
            "upload",
            $$"""{"destination":{{StoreDict("fileio")}},"input_type":"fileio","""
            + "\"inputs\":[\"drop/archive/day/*.dcm\",\"drop/missing.dcm\",\"other/0.dcm\"]}");
        var job = await _client.EndOfAsync(id, SomeMinutes);

        Assert.Equal("completed", job["state"]!.GetValue<string>());
        Assert.Equal(
            [true, true, true, true, true, false, false],
            (await _client.ResultsAsync(id)).Select(record => record["success"]!.GetValue<bool>()));
        Assert.Equal(5, app.Emulator.Statistics.ForStore(Store("fileio")).Stored);
    });

    [EndToEndFact]
    public Task A_message_becomes_a_search_request() => RunAsync(async () =>
    {
        var records = FunctionAppClient.Records(await _client.PostAsync(
            "format", $"\"{Store("x")}/dicomWeb/studies/1.2/series/1.2.3/instances/1.2.3.4\""));

        Assert.Equal("1.2.3.4", Assert.Single(records)["result"]!["params"]!["SOPInstanceUID"]!.GetValue<string>());
    });

    [EndToEndFact]
    public Task A_dropped_file_is_stored_and_its_notification_becomes_a_job() => RunAsync(async () =>
    {
        var drop = app.Azurite.Container("drop");
        await drop.UploadBlobAsync("incoming/good.dcm", BinaryData.FromBytes(Some.DicomFile(instance: "2.25.80.1")));
        await drop.UploadBlobAsync("incoming/bad.dcm", BinaryData.FromString("no DICOM"));

        await Eventually.HoldsAsync(
            async () => !await drop.GetBlobClient("incoming/good.dcm").ExistsAsync()
                && !await drop.GetBlobClient("incoming/bad.dcm").ExistsAsync(),
            "the drop is empty",
            SomeMinutes);
        Assert.True(await drop.GetBlobClient("failed/bad.dcm").ExistsAsync());
        Assert.True(await drop.GetBlobClient("failed/bad.dcm.error.json").ExistsAsync());
        Assert.Equal(1, app.Emulator.Statistics.ForStore(FunctionAppSettings.MainStore).Stored);
        await Eventually.HoldsAsync(
            async () =>
            {
                foreach (var job in (await _client.JobsAsync()).Where(IsEndedNotification))
                {
                    var records = await _client.ResultsAsync(job["id"]!.GetValue<string>());
                    if (records.Exists(record => record.ToJsonString().Contains("2.25.80.1", StringComparison.Ordinal)))
                        return true;
                }

                return false;
            },
            "a notifications job has a record of the instance",
            SomeMinutes);
    });

    [EndToEndFact]
    public Task Requests_in_flight_never_exceed_max_workers() => RunAsync(async () =>
    {
        foreach (var maxWorkers in new[] { 1, FunctionAppSettings.MaxWorkers })
        {
            var store = Store($"window{maxWorkers}");
            Slow(store, TimeSpan.FromMilliseconds(100));
            var id = await SubmitManyAsync($"window{maxWorkers}", 60, maxWorkers, bufferSize: 4);
            var job = await _client.EndOfAsync(id, SomeMinutes);

            Assert.Equal("completed", job["state"]!.GetValue<string>());
            Assert.InRange(app.Emulator.Statistics.ForStore(store).DicomWeb.MaxInFlight, Math.Min(maxWorkers, 2), maxWorkers);
        }
    });

    [EndToEndFact]
    public Task A_host_killed_in_mid_job_leaves_exactly_one_record_of_each_input() => RunAsync(async () =>
    {
        const int Inputs = 500;
        var seen = app.Emulator.Statistics.ForStore(Store("killed"));
        Slow(Store("killed"), TimeSpan.FromMilliseconds(50));
        var id = await SubmitManyAsync("killed", Inputs, FunctionAppSettings.MaxWorkers, bufferSize: 4);
        await Eventually.HoldsAsync(() => Task.FromResult(seen.DicomWeb.Count >= Inputs / 3), "a third of the job is done", SomeMinutes);

        app.KillHost();
        Assert.InRange(seen.DicomWeb.Count, Inputs / 3, Inputs - 1);
        await app.StartHostAsync();
        var job = await _client.EndOfAsync(id, 2 * SomeMinutes);
        var records = await _client.ResultsAsync(id);

        Assert.Equal("completed", job["state"]!.GetValue<string>());
        Assert.Equal(Enumerable.Range(0, Inputs), records.Select(record => record["input"]!["number"]!.GetValue<int>()));
        Assert.All(records, record => Assert.True(record["success"]!.GetValue<bool>(), record.ToJsonString()));
        Assert.InRange(seen.DicomWeb.MaxInFlight, 1, FunctionAppSettings.MaxWorkers);
    });

    [EndToEndFact]
    public Task A_job_can_be_cancelled_retried_and_deleted() => RunAsync(async () =>
    {
        Slow(Store("cancelled"), TimeSpan.FromMilliseconds(200));
        var id = await SubmitManyAsync("cancelled", 300, 2, bufferSize: 2);
        await Eventually.HoldsAsync(
            () => Task.FromResult(app.Emulator.Statistics.ForStore(Store("cancelled")).DicomWeb.Count >= 10), "the job is under way",
            AMinute);
        await _client.PostAsync($"jobs/{id}/cancel", "", HttpStatusCode.Accepted);
        var job = await _client.EndOfAsync(id, SomeMinutes);

        Assert.Equal("cancelled", job["state"]!.GetValue<string>());
        Assert.InRange((await _client.ResultsAsync(id)).Count, 1, 299);
        Slow(Store("cancelled"), TimeSpan.Zero);
        var retried = JsonNode.Parse(await _client.PostAsync($"jobs/{id}/retry", "", HttpStatusCode.Accepted))!["id"]!.GetValue<string>();
        Assert.Equal("completed", (await _client.EndOfAsync(retried, SomeMinutes))["state"]!.GetValue<string>());
        using var deleted = await app.Http.DeleteAsync(new Uri("api/jobs/" + id, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await app.Http.GetAsync(new Uri("api/jobs/" + id, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    });

    private static bool IsEndedNotification(JsonNode job) =>
        job["kind"]!.GetValue<string>() == "notifications" && job["state"]!.GetValue<string>() == "completed";

    private static string Store(string name) => "projects/local/locations/here/datasets/trial/dicomStores/" + name;

    private static string StoreDict(string name) =>
        $$"""{"project_id":"local","region":"here","dataset_id":"trial","dicom_store_id":"{{name}}"}""";

    private static string Search(string name, int number = 0) =>
        """{"project_id":"local","region":"here","dataset_id":"trial","""
        + $"\"dicom_store_id\":\"{name}\",\"search_type\":\"instances\",\"number\":{number}}}";

    private static ByteArrayContent Dicom(byte[] file) =>
        new(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/dicom") } };

    /// <summary>Each answer of the store takes this long.</summary>
    private void Slow(string store, TimeSpan latency) => app.Emulator.Faults.Set(store, new FaultOptions { Latency = latency });

    private Task<string> SubmitManyAsync(string store, int inputs, int maxWorkers, int bufferSize) => _client.SubmitAsync(
        "search",
        $"{{\"buffer_size\":{bufferSize},\"max_workers\":{maxWorkers},"
        + $"\"requests\":[{string.Join(',', Enumerable.Range(0, inputs).Select(i => Search(store, i)))}]}}");

    /// <summary>A failure comes with what the host had to say.</summary>
    private async Task RunAsync(Func<Task> test)
    {
        try
        {
            await test();
        }
        catch
        {
            output.WriteLine(app.Logs);
            throw;
        }
    }
}
