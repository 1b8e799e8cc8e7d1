using System.Text.Json.Nodes;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

public sealed class SearchJobTests
{
    [Theory]
    [InlineData("{\"limit\":\"3\"}", 3)]
    [InlineData("{\"limit\":3}", 3)]
    [InlineData("{\"limit\":0}", 0)]
    [InlineData("{\"limit\":\"9223372036854775807\"}", 10)]
    [InlineData("{\"offset\":\"8\"}", 2)]
    [InlineData("{\"offset\":8,\"limit\":1}", 1)]
    [InlineData("{\"offset\":999999999999}", 0)]
    [InlineData("{}", 10)]
    [InlineData("null", 10)]
    public async Task Limit_and_offset_as_any_number_are_the_window(string parameters, int rows)
    {
        await using var host = await CoreHost.StartAsync();
        host.Server.Rows = FakeDicomStore.Instances(10);
        var input = CoreHost.SearchJson(parameters: parameters);
        var record = Assert.Single(await host.SearchJobAsync(input));
        Assert.True((bool)record["success"]!);
        Assert.Equal(rows, record["result"]!.AsArray().Count);
        Assert.Equal(input, record["input"]!.ToJsonString());
    }

    [Theory]
    [InlineData("[1]", "A search request must be a dict (a JSON object).")]
    [InlineData("\"x\"", "A search request must be a dict (a JSON object).")]
    [InlineData("null", "A search request must be a dict (a JSON object).")]
    [InlineData("{}", "Must have project_id in the dict.")]
    [InlineData("{\"project_id\":null}", "Must have region in the dict.")]
    [InlineData(
        "{\"project_id\":5,\"region\":\"l\",\"dataset_id\":\"d\",\"dicom_store_id\":\"s\",\"search_type\":\"x\"}",
        "project_id must be a string that is not empty.")]
    [InlineData(
        "{\"project_id\":\"\\ud800\",\"region\":\"l\",\"dataset_id\":\"d\",\"dicom_store_id\":\"s\",\"search_type\":\"x\"}",
        "project_id must be a string that is not empty.")]
    [InlineData(
        "{\"project_id\":\"p\",\"region\":\"l\",\"dataset_id\":\"d\",\"dicom_store_id\":\"\",\"search_type\":\"x\"}",
        "dicom_store_id must be a string that is not empty.")]
    [InlineData(
        "{\"project_id\":\"../x\",\"region\":\"l\",\"dataset_id\":\"d\",\"dicom_store_id\":\"s\",\"search_type\":\"studies\"}",
        "project_id must be 1 to")]
    [InlineData(
        "{\"project_id\":\"p\",\"region\":\"l%2f\",\"dataset_id\":\"d\",\"dicom_store_id\":\"s\",\"search_type\":\"studies\"}",
        "region must be 1 to")]
    [InlineData(
        "{\"project_id\":\"p\",\"region\":\"l\",\"dataset_id\":\"d\\u0000\",\"dicom_store_id\":\"s\",\"search_type\":\"studies\"}",
        "dataset_id must be")]
    [InlineData("params:5", "params must be a dict (a JSON object).")]
    [InlineData("params:{\"limit\":-1}", "params.limit must be a whole number from 0.")]
    [InlineData("params:{\"limit\":\"abc\"}", "params.limit must be a whole number from 0.")]
    [InlineData("params:{\"limit\":1.5}", "params.limit must be a whole number from 0.")]
    [InlineData("params:{\"offset\":\"-1\"}", "params.offset must be a whole number from 0.")]
    [InlineData("params:{\"offset\":true}", "params.offset must be a whole number from 0.")]
    [InlineData("params:{\"offset\":99999999999999999999}", "params.offset must be a whole number from 0.")]
    [InlineData("params:{\"PatientName\":null}", "params.PatientName must be a string, a number, a boolean, or an array of these.")]
    [InlineData("params:{\"PatientName\":{\"a\":1}}", "params.PatientName must be a string, a number, a boolean, or an array of these.")]
    [InlineData("params:{\"PatientName\":\"\\udc00\"}", "params.PatientName must be a string, a number, a boolean, or an array of these.")]
    [InlineData("params:{\"\\ud800\":\"x\"}", "params has an empty key.")]
    [InlineData("params:{\"\":1}", "params has an empty key.")]
    public async Task A_bad_request_has_a_record_that_says_why_and_the_others_go_on(string input, string status)
    {
        if (input.StartsWith("params:", StringComparison.Ordinal))
            input = CoreHost.SearchJson(parameters: input[7..]);
        await using var host = await CoreHost.StartAsync();
        host.Server.Rows = FakeDicomStore.Instances(1);
        var records = await host.SearchJobAsync(CoreHost.SearchJson(), input, CoreHost.SearchJson());
        Assert.Equal([true, false, true], records.Select(record => (bool)record["success"]!));
        Assert.StartsWith(status, (string)records[1]["status"]!, StringComparison.Ordinal);
        Assert.Empty(records[1]["result"]!.AsArray());
        Assert.Equal(2, host.Server.Requests.Count(request => !request.Contains("offset", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_input_comes_back_as_it_was_given_byte_by_byte()
    {
        await using var host = await CoreHost.StartAsync();
        var input =
            "{ \"note\" : \"\\u00e9\\ud83d\\ude42 \\/\", \"n\": 1.50e+3, \"project_id\":\"p\",\"region\":\"l\",\"dataset_id\":\"d\","
            + "\"dicom_store_id\":\"s\",\"search_type\":\"studies\",\"params\":{\"limit\":\"2\"} }";
        var id = await host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, input);
        Assert.StartsWith(
            $"{{\"input\":{input},\"result\":[],\"success\":true,\"status\":204", await ResultsAsync(host, id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_come_back_as_the_server_sent_them()
    {
        await using var host = await CoreHost.StartAsync();
        var row =
            "{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]},\"00101030\":{\"vr\":\"DS\",\"Value\":[70.100]},"
            + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Ideographic\":\"山田\\u005e\"}]}}";
        host.Server.Rows = [row];
        var id = await host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, CoreHost.SearchJson());
        Assert.Contains($"\"result\":[{row}],\"success\":true,\"status\":200", await ResultsAsync(host, id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_param_that_is_an_array_is_parted_by_commas()
    {
        await using var host = await CoreHost.StartAsync();
        await host.SearchJobAsync(CoreHost.SearchJson("studies", "{\"includefield\":[\"a\",5,true],\"PatientName\":\"x\"}"));
        Assert.Equal("/studies?includefield=a%2C5%2Ctrue&PatientName=x&limit=5000", Assert.Single(host.Server.Requests));
    }

    [Fact]
    public async Task A_store_that_is_not_allowed_is_a_failed_record_without_a_request()
    {
        await using var host = await CoreHost.StartAsync(settings: ("DicomWeb:AllowedStores:0", "projects/p/locations/l/datasets/other/*"));
        var record = Assert.Single(await host.SearchJobAsync(CoreHost.SearchJson()));
        Assert.Equal(StoreAllowList.Refusal, (string?)record["status"]);
        Assert.Empty(host.Server.Requests);
        await host.SearchJobAsync(CoreHost.SearchJson().Replace("\"d\"", "\"other\"", StringComparison.Ordinal));
        Assert.Single(host.Server.Requests);
    }

    [Fact]
    public async Task An_error_text_with_half_a_pair_still_makes_a_record()
    {
        await using var host = await CoreHost.StartAsync();
        var body = new string('x', 499) + "🙂🙂";
        host.Server.Before = async context =>
        {
            await FakeDicomStore.JsonAsync(context, body, 400, "text/plain");
            return true;
        };
        var record = Assert.Single(await host.SearchJobAsync(CoreHost.SearchJson()));
        Assert.StartsWith("xxx", (string)record["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_throws_fails_its_input_alone()
    {
        foreach (var failure in new Exception[] { new InvalidOperationException(), new TaskCanceledException() })
        {
            await using var host = await CoreHost.StartAsync(
                configure: services => services.AddSingleton<IDicomStoreClient>(new ThrowingClient(failure)));
            await host.PutDicomAsync("drop/a.dcm");
            var records = await host.SearchJobAsync(CoreHost.SearchJson(), CoreHost.SearchJson("studies"));
            Assert.Equal(2, records.Count);
            Assert.All(records, record => Assert.Equal($"The client failed: {failure.GetType().Name}.", (string?)record["status"]));
            var upload = Assert.Single(await host.UploadJobAsync("\"drop/a.dcm\""));
            Assert.Equal($"The client failed: {failure.GetType().Name}.", (string?)upload["status"]);
        }
    }

    [Fact]
    public async Task Lookups_of_one_series_are_one_request_with_the_same_records()
    {
        var inputs = Enumerable.Range(0, 8).Select(i => Lookup($"1.2.{i}")).ToList();
        List<JsonNode> expected = [];
        await using (var single = await StartAsync())
        {
            foreach (var input in inputs)
                expected.AddRange(await single.SearchJobAsync(input));
            Assert.Equal(8, single.Server.Requests.Count);
        }

        await using var host = await StartAsync();
        var id = await host.RunJobAsync(new JobSubmission { Kind = JobKind.Search, MaxWorkers = 1 }, inputs);
        var records = await host.RecordsAsync(id);
        Assert.Equal(expected.Select(Essence), records.Select(Essence));
        // Of ten, 1.2.6 and 1.2.7 are missing in the store.
        Assert.Equal([200, 200, 200, 200, 200, 200, 204, 204], records.Select(record => (int)record["status"]!));
        Assert.Equal("/instances?StudyInstanceUID=1.1&SeriesInstanceUID=1.1.1&limit=256", host.Server.Requests.First());
        Assert.InRange(host.Server.Requests.Count, 1, 2);

        static async Task<CoreHost> StartAsync()
        {
            var host = await CoreHost.StartAsync();
            host.Server.Rows = FakeDicomStore.OneSeries(6);
            return host;
        }
    }

    [Fact]
    public async Task Lookups_in_a_series_that_is_too_large_are_answered_one_by_one()
    {
        await using var host = await CoreHost.StartAsync();
        host.Server.Rows = FakeDicomStore.OneSeries(500);
        string[] inputs = [Lookup("1.2.3"), Lookup("1.2.499"), Lookup("1.2.999")];
        var records = await host.RecordsAsync(await host.RunJobAsync(new JobSubmission { Kind = JobKind.Search, MaxWorkers = 1 }, inputs));
        Assert.Equal([200, 200, 204], records.Select(record => (int)record["status"]!));
        Assert.Equal([1, 1, 0], records.Select(record => record["result"]!.AsArray().Count));
    }

    [Fact]
    public async Task Lookups_whose_series_fails_fail_on_their_own()
    {
        await using var host = await CoreHost.StartAsync();
        host.Server.Rows = FakeDicomStore.OneSeries(3);
        host.Server.Before = context =>
        {
            context.Response.StatusCode = 403;
            return Task.FromResult(
                !context.Request.Query.ContainsKey("SOPInstanceUID") || context.Request.Query["SOPInstanceUID"] == "1.2.1");
        };
        string[] inputs = [Lookup("1.2.0"), Lookup("1.2.1"), Lookup("1.2.2")];
        var records = await host.RecordsAsync(await host.RunJobAsync(new JobSubmission { Kind = JobKind.Search, MaxWorkers = 1 }, inputs));
        Assert.Equal([200, 403, 200], records.Select(record => (int)record["status"]!));
    }

    [Fact]
    public async Task Messages_become_searches_and_keep_their_ids()
    {
        await using var host = await CoreHost.StartAsync();
        host.Server.Rows = FakeDicomStore.OneSeries(2);
        const string Path = "projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.1/series/1.1.1/instances/1.2.1";
        var data = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Path));
        string[] inputs =
        [
            $"\"{Path}\"",
            $"{{\"data\":\"{data}\",\"messageId\":\"7\",\"publishTime\":\"2026-01-02T03:04:05Z\"}}",
            $"{{\"message\":{{\"data\":\"{data}\",\"messageId\":\"8\"}},\"subscription\":\"x\"}}",
            "{\"data\":\"?\",\"attributes\":{\"storeName\":\"projects/p/locations/l/datasets/d/dicomStores/s\","
            + "\"studyInstanceUID\":\"1.1\",\"seriesInstanceUID\":\"1.1.1\",\"sopInstanceUID\":\"1.2.1\"}}",
            "{\"data\":\"////\",\"messageId\":\"9\",\"\\ud800\":1}",
            "5",
            "\"\\ud800\"",
        ];
        var records = await host.RecordsAsync(await host.RunJobAsync(new JobSubmission { Kind = JobKind.Notifications }, inputs));
        Assert.Equal([true, true, true, true, false, false, false], records.Select(record => (bool)record["success"]!));
        Assert.All(records.Take(4), record =>
        {
            Assert.Equal("1.2.1", (string?)record["input"]!["params"]!["SOPInstanceUID"]);
            Assert.Single(record["result"]!.AsArray());
        });
        Assert.Equal([null, "7", "8", null, "9", null, null], records.Select(record => (string?)record["message_id"]));
        Assert.Equal("2026-01-02T03:04:05Z", (string?)records[1]["publish_time"]);
        Assert.All(records.Skip(4), record => Assert.Equal("no_data", (string?)record["error"]!["code"]));
    }

    private static string Lookup(string uid) =>
        CoreHost.SearchJson(parameters: $"{{\"StudyInstanceUID\":\"1.1\",\"SeriesInstanceUID\":\"1.1.1\",\"SOPInstanceUID\":\"{uid}\"}}");

    private static string Essence(JsonNode record) =>
        $"{record["input"]}{record["result"]}{record["success"]}{record["status"]}{record["partial"]}";

    private static async Task<string> ResultsAsync(CoreHost host, string id)
    {
        using var copy = new MemoryStream();
        await host.Jobs.CopyResultsAsync(id, RecordFilter.All, asArray: false, copy, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(copy.ToArray());
    }

    private sealed class ThrowingClient(Exception exception) : IDicomStoreClient
    {
        public ValueTask<QidoOutcome> SearchAsync(QidoRequest request, IDicomJsonSink results, CancellationToken cancellationToken) =>
            throw exception;

        public Task<IReadOnlyList<StowOutcome>> StoreAsync(
            DicomFunctions.Core.Dicom.DicomStorePath store, IReadOnlyList<StowInstance> instances,
            CancellationToken cancellationToken) => throw exception;

        public ValueTask<RetrieveOutcome> RetrieveMetadataAsync(
            RetrieveRequest request, IDicomJsonSink results, CancellationToken cancellationToken) => throw exception;

        public ValueTask<RetrieveOutcome> RetrieveInstancesAsync(
            RetrieveRequest request, IInstanceSink instances, CancellationToken cancellationToken) => throw exception;

        public ValueTask<InstanceOpening> OpenInstanceAsync(RetrieveRequest request, CancellationToken cancellationToken) =>
            throw exception;
    }
}
