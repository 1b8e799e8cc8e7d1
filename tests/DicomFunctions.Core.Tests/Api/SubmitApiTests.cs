using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

public sealed class SubmitApiTests : IAsyncLifetime
{
    private const string Destination =
        "\"destination\":{\"project_id\":\"p\",\"region\":\"l\",\"dataset_id\":\"d\",\"dicom_store_id\":\"s\"}";
    private const string DestinationQuery = "project_id=p&region=l&dataset_id=d&dicom_store_id=s";

    private CoreHost _host = null!;
    private ApiServer _api = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync(settings:
        [
            ("Api:MaxJsonBytes", "100000"), ("Api:MaxUploadBytes", "200000"), ("Api:MaxFormatBytes", "10000"), ("Api:MaxWaiters", "2"),
            ("Jobs:MaxInputBytes", "5000"), ("Jobs:MaxInputs", "500"),
        ]);
        _api = await ApiServer.StartAsync(_host);
        _host.Server.Rows = FakeDicomStore.Instances(2);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _host.DisposeAsync();
    }

    public static TheoryData<string, int> Searches => new()
    {
        { CoreHost.SearchJson(), 1 },
        { $"[{CoreHost.SearchJson()},{CoreHost.SearchJson("studies")}]", 2 },
        { $"{CoreHost.SearchJson()}\n{CoreHost.SearchJson("studies")}\n", 2 },
        { $"{{\"requests\":[{CoreHost.SearchJson()}],\"buffer_size\":3,\"max_workers\":2}}", 1 },
        { $"{{\"max_workers\":1000,\"buffer_size\":10000,\"requests\":[{CoreHost.SearchJson()}]}}", 1 },
        { "[]", 0 },
    };

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Search_any_form_is_a_job(string body, int inputs)
    {
        using var response = await _api.Http.PostAsync("/api/search", new StringContent(body));
        Assert.Equal(202, (int)response.StatusCode);
        var accepted = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        var id = (string)accepted["id"]!;
        Assert.Equal($"/api/jobs/{id}", response.Headers.Location!.ToString());
        Assert.Equal(($"/api/jobs/{id}", $"/api/jobs/{id}/results"), ((string?)accepted["status_url"], (string?)accepted["results_url"]));
        await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime();
        var (status, results) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results");
        Assert.Equal((200, inputs), (status, results.Split('\n').Length - 1));
        var (_, view) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}");
        Assert.Equal("completed", (string?)JsonNode.Parse(view)!["state"]);
    }

    [Theory]
    [InlineData(null, "application/x-ndjson", 1)]
    [InlineData("*/*", "application/x-ndjson", 1)]
    [InlineData("application/json", "application/json", 1)]
    [InlineData("Application/JSON", "application/json", 1)]
    [InlineData("application/x-ndjson, application/json", "application/x-ndjson", 1)]
    [InlineData("application/json;q=0.2, application/x-ndjson;q=0.9", "application/x-ndjson", 1)]
    [InlineData("text/html, application/json;q=0.9", "application/json", 1)]
    [InlineData("nonsense;;", "application/x-ndjson", 1)]
    public async Task Search_wait_answers_with_the_records_as_accepted(string? accept, string type, int records)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "/api/search?wait=30") { Content = new StringContent(CoreHost.SearchJson()) };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _api.Http.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(records, json is JsonArray array ? array.Count : 1);
    }

    [Fact]
    public async Task Search_answers_accepted_once_the_wait_is_over()
    {
        var go = new TaskCompletionSource();
        _host.Server.Before = async _ =>
        {
            await go.Task;
            return false;
        };
        var (status, body) = await _api.PostAsync("/api/search?wait=0.05", CoreHost.SearchJson());
        Assert.Equal(202, status);
        go.SetResult();
        await _host.Jobs.WaitAsync((string)JsonNode.Parse(body)!["id"]!, CancellationToken.None).InTime();
    }

    [Fact]
    public async Task Search_when_too_many_wait_accepts_the_rest_at_once_and_loses_no_place()
    {
        for (var round = 0; round < 3; round++)
        {
            var go = new TaskCompletionSource();
            _host.Server.Before = async _ =>
            {
                await go.Task;
                return false;
            };
            var all = Enumerable.Range(0, 3).Select(_ => _api.PostAsync("/api/search?wait=60", CoreHost.SearchJson())).ToList();
            var first = await (await Task.WhenAny(all)).InTime();
            go.SetResult();

            Assert.Equal(202, first.Status);
            Assert.Equal([200, 200, 202], (await Task.WhenAll(all).InTime()).Select(answer => answer.Status).Order());
        }
    }

    [Fact]
    public async Task Search_answers_accepted_when_the_object_store_fails_during_the_wait()
    {
        _host.Objects.Fault = (member, name) =>
            member == "OpenReadAsync" && name.EndsWith("/summary.json", StringComparison.Ordinal)
                ? new ObjectStoreException("Busy.")
                : null;
        var (status, body) = await _api.PostAsync("/api/search?wait=30", CoreHost.SearchJson());
        Assert.Equal(202, status);
        _host.Objects.IsDown = false;
        Assert.Equal(
            JobStatus.Completed,
            (await _host.Jobs.WaitAsync((string)JsonNode.Parse(body)!["id"]!, CancellationToken.None).InTime())!.State);
    }

    [Theory]
    [InlineData("/api/search", "", 400, null, "The body is empty")]
    [InlineData("/api/search", "[{\"a\":1},\n {\"b\":]", 400, null, "Line 2, position 7:")]
    [InlineData("/api/search", "[1]\n2", 400, null, "Line 2, position 1: Unexpected content")]
    [InlineData("/api/search", "{\"requests\":[],\"bufer_size\":1}", 400, "bufer_size", "Unknown option 'bufer_size'.")]
    [InlineData("/api/search", "{\"requests\":[],\"destination\":\"x\"}", 400, "destination", "Unknown option 'destination'.")]
    [InlineData(
        "/api/search", "{\"requests\":[],\"buffer_size\":0}", 400, "buffer_size", "buffer_size must be a whole number from 1 to 10000.")]
    [InlineData(
        "/api/search", "{\"requests\":[],\"buffer_size\":10001}", 400, "buffer_size",
        "buffer_size must be a whole number from 1 to 10000.")]
    [InlineData(
        "/api/search", "{\"requests\":[],\"max_workers\":\"5\"}", 400, "max_workers", "max_workers must be a whole number from 1 to 1000.")]
    [InlineData(
        "/api/search", "{\"requests\":[],\"max_workers\":1.5}", 400, "max_workers", "max_workers must be a whole number from 1 to 1000.")]
    [InlineData("/api/search?fail_fast=1", "[]", 400, "fail_fast", "fail_fast must be true or false.")]
    [InlineData("/api/search?max_workers=0", "[]", 400, "max_workers", "max_workers must be a whole number from 1 to 1000.")]
    [InlineData("/api/search?wait=soon", "[]", 400, "wait", "wait must be a number of seconds.")]
    [InlineData("/api/search?wait=NaN", "[]", 400, "wait", "wait must be a number of seconds.")]
    [InlineData("/api/search?wait=-1", "[]", 400, "wait", "wait must be a number of seconds.")]
    [InlineData("/api/search?limit=5", "[]", 400, "limit", "Unknown query parameter 'limit'.")]
    [InlineData("/api/upload", "{\"inputs\":[]}", 400, "destination", "Must have destination in the dict.")]
    [InlineData("/api/upload", "{\"inputs\":[],\"destination\":5}", 400, "destination", "destination must be a dict")]
    [InlineData(
        "/api/upload", "{\"inputs\":[],\"destination\":{\"project_id\":\"p\",\"region\":\"l\",\"dicom_store_id\":\"s\"}}", 400,
        "destination", "Must have dataset_id in the dict.")]
    [InlineData(
        "/api/upload", "{\"inputs\":[],\"destination\":\"projects/p/locations/l/datasets/d/dicomStores/s\",\"input_type\":\"stream\"}", 400,
        "input_type", "input_type could only be 'bytes' or 'fileio'")]
    [InlineData(
        "/api/upload", "{\"inputs\":[],\"destination\":\"projects/p/locations/l/datasets/d/dicomStores/s\",\"input_type\":\"\\ud800\"}",
        400, "input_type", "input_type could only be 'bytes' or 'fileio'")]
    [InlineData("/api/upload", "{\"inputs\":[],\"destination\":\"projects/\\ud800\"}", 400, "destination", "")]
    [InlineData("/api/format", "{\"messages\":[],\"x\":1}", 400, "x", "Unknown option 'x'.")]
    [InlineData("/api/format", "[", 400, null, "Line 1, position 2:")]
    [InlineData("/api/jobs/x/retry", "", 404, null, "There is no such job.")]
    public async Task Bad_requests_are_problems_that_say_what_and_leave_nothing(
        string url, string body, int status, string? key, string detail)
    {
        using var response = await _api.Http.PostAsync(url, new StringContent(body));
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.Equal(key, (string?)problem["key"]);
        Assert.StartsWith(detail, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task Too_much_is_413_and_leaves_nothing()
    {
        var many = string.Join('\n', Enumerable.Repeat("{}", 501));
        var large = $"{{\"a\":\"{new string('x', 6000)}\"}}";
        var huge = string.Join('\n', Enumerable.Repeat($"{{\"a\":\"{new string('x', 900)}\"}}", 200));
        foreach (var (url, body) in new[]
        {
            ("/api/search", many), ("/api/search", large), ("/api/search", huge), ("/api/format", huge),
            ($"/api/search?x={new string('y', 100)}", many),
        })
        {
            var (status, answer) = await _api.PostAsync(url, body);
            Assert.Equal(413, status);
            Assert.Equal("Request too large", (string?)JsonNode.Parse(answer)!["title"]);
        }

        using var file =
            new ByteArrayContent(new byte[200_001]) { Headers = { ContentType = new MediaTypeHeaderValue("application/dicom") } };
        Assert.Equal(413, (await _api.SendAsync(HttpMethod.Post, $"/api/upload?{DestinationQuery}", file)).Status);
        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task Upload_sources_are_records()
    {
        await _host.PutDicomAsync("drop/a.dcm", "1.2.1");
        var (status, body) = await _api.PostAsync(
            "/api/upload?wait=30", $"{{{Destination},\"input_type\":\"fileio\",\"inputs\":[\"drop/*\",\"drop/none.dcm\"]}}");
        Assert.Equal(200, status);
        Assert.Equal(2, body.Split('\n').Length - 1);
        (status, _) = await _api.PostAsync($"/api/upload?wait=30&{DestinationQuery}", "[\"drop/a.dcm\"]");
        Assert.Equal(200, status);
        (status, _) = await _api.PostAsync(
            "/api/upload?wait=30&destination=projects/p/locations/l/datasets/d/dicomStores/s", "\"drop/a.dcm\"");
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Upload_raw_DICOM_is_stored()
    {
        var file = Some.DicomFile(instance: "1.2.1");
        foreach (var type in new[] { "application/dicom", "Application/DICOM" })
        {
            using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
            var (status, body) = await _api.SendAsync(HttpMethod.Post, $"/api/upload?wait=30&{DestinationQuery}", content);
            Assert.Equal(200, status);
            Assert.True((bool)JsonNode.Parse(body)!["success"]!);
        }

        Assert.Equal(file, _host.Server.Stored["1.2.1"]);
    }

    [Fact]
    public async Task Upload_multipart_is_one_input_a_part()
    {
        using var content = new MultipartContent("related", "bound");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/related; type=\"application/dicom\"; boundary=\"bound\"");
        for (var i = 0; i < 3; i++)
            content.Add(new ByteArrayContent(i == 1 ? "no DICOM"u8.ToArray() : Some.DicomFile(instance: $"1.2.{i}")));
        var (status, body) = await _api.SendAsync(HttpMethod.Post, $"/api/upload?wait=30&{DestinationQuery}", content, "application/json");
        Assert.Equal(200, status);
        var records = JsonNode.Parse(body)!.AsArray();
        Assert.Equal([true, false, true], records.Select(record => (bool)record!["success"]!));
        Assert.EndsWith("/bodies/00001.dcm", (string?)records[1]!["input"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BOUND", "multipart/related; type=application/dicom; boundary=BOUND")]
    [InlineData("BOUND", "Multipart/Related;TYPE=application/dicom;transfer-syntax=*;Boundary=BOUND")]
    [InlineData("BOUND", "multipart/related; boundary=BOUND; type=application/dicom")]
    [InlineData("BOUND", "multipart/related; type=\"application/dicom\"; boundary=\"BOUND\"; start=\"<1@x>\"")]
    [InlineData("----=_Part_0", "multipart/related; type=application/dicom; boundary=----=_Part_0")]
    [InlineData("----=_Part_7_1.2=", "multipart/related; boundary=----=_Part_7_1.2=;type=application/dicom")]
    [InlineData("(a)+b,c/d:e=?'f g", "multipart/related; boundary=(a)+b,c/d:e=?'f g; type=application/dicom")]
    [InlineData("a;b", "multipart/related; type=application/dicom; boundary=\"a;b\"")]
    [InlineData("{8f14-e45f}@host", "multipart/related; type=application/dicom; boundary={8f14-e45f}@host")]
    public async Task Upload_multipart_as_clients_label_it_is_taken(string boundary, string type)
    {
        byte[] body =
        [
            .. Encoding.ASCII.GetBytes($"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n"),
            .. Some.DicomFile(instance: "1.2.1"),
            .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"),
        ];
        using var content = new ByteArrayContent(body);
        Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", type));
        var (status, answer) = await _api.SendAsync(HttpMethod.Post, $"/api/upload?wait=30&{DestinationQuery}", content);
        Assert.Equal(200, status);
        Assert.True((bool)JsonNode.Parse(answer)!["success"]!);
        Assert.Equal(Some.DicomFile(instance: "1.2.1"), _host.Server.Stored["1.2.1"]);
    }

    [Theory]
    [InlineData("multipart/related", "x", "boundary")]
    [InlineData("multipart/related; type=application/dicom; boundary=", "x", "boundary")]
    [InlineData("multipart/related; type=application/dicom; boundary=a; boundary=b", "x", "boundary")]
    [InlineData("multipart/related; boundary=1234567890123456789012345678901234567890123456789012345678901234567890x", "x", "boundary")]
    [InlineData("multipart/related; boundary=bound", "no multipart at all", null)]
    [InlineData("multipart/related; boundary=bound", "--bound\r\nContent-Type: application/dicom\r\n\r\nbroken off", null)]
    [InlineData("multipart/related; boundary=bound", "\r\n--bound--\r\n", null)]
    [InlineData("multipart/related; boundary=bound", "", null)]
    public async Task Upload_malformed_multipart_is_a_problem_and_leaves_nothing(string type, string body, string? key)
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var (status, answer) = await _api.SendAsync(HttpMethod.Post, $"/api/upload?{DestinationQuery}", content);
        Assert.Equal(400, status);
        Assert.Equal(key, (string?)JsonNode.Parse(answer)!["key"]);
        Assert.Empty(await _host.ListAsync("jobs/"));
    }

    [Theory]
    [InlineData("upload", "multipart/form-data; boundary=bound")]
    [InlineData("search", "application/dicom")]
    [InlineData("format", "multipart/related; boundary=bound")]
    [InlineData("search", "multipart/related; type=application/dicom; boundary=----=_Part_0")]
    public async Task Submit_files_where_JSON_is_taken_is_a_problem_that_names_the_content_type(string path, string type)
    {
        using var content = new ByteArrayContent("--bound"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var (status, answer) = await _api.SendAsync(HttpMethod.Post, "/api/" + path, content);
        Assert.Equal((400, "Content-Type"), (status, (string?)JsonNode.Parse(answer)!["key"]));
        Assert.Contains(type.Split(';')[0], (string?)JsonNode.Parse(answer)!["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_files_without_a_destination_are_refused_before_they_are_read()
    {
        using var content =
            new ByteArrayContent(new byte[100]) { Headers = { ContentType = new MediaTypeHeaderValue("application/dicom") } };
        var (status, answer) = await _api.SendAsync(HttpMethod.Post, "/api/upload", content);
        Assert.Equal((400, "destination"), (status, (string?)JsonNode.Parse(answer)!["key"]));
    }

    [Theory]
    [InlineData("application/dicom")]
    [InlineData("application/json")]
    [InlineData("multipart/related; boundary=b")]
    public async Task Upload_whose_client_goes_away_leaves_nothing(string type)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _api.Port);
        var start = type[^1] == 'b' ? "--b\r\n\r\n" : type[^1] == 'n' ? "{\"inputs\":[\"" : "";
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/upload?{DestinationQuery} HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nContent-Length: "
            + $"150000\r\n\r\n{start}{new string('x', 4000)}"));
        if (type[^1] != 'n')
            await Eventually.HoldsAsync(() => Files() > 0, "the upload has begun");
        socket.Client.LingerState = new LingerOption(true, 0);
        socket.Close();
        await Eventually.HoldsAsync(() => Files() == 0, "nothing is left");
        Assert.Empty(await _host.ListAsync("jobs/"));

        int Files() => Directory.EnumerateFiles(_host.Folder.Path, "*", SearchOption.AllDirectories).Count();
    }

    [Theory]
    [InlineData("search", "application/json")]
    [InlineData("format", "application/json")]
    [InlineData("upload?" + DestinationQuery, "application/dicom")]
    public async Task Too_much_by_its_length_is_413_before_any_of_it_is_sent(string path, string type)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _api.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/{path} HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nContent-Length: 200001\r\n\r\n"));
        using var answer = new StreamReader(socket.GetStream());

        Assert.StartsWith("HTTP/1.1 413 ", await answer.ReadLineAsync().InTime(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_store_that_is_down_is_503()
    {
        _host.Objects.IsDown = true;
        foreach (var url in new[] { "/api/search", $"/api/upload?{DestinationQuery}" })
        {
            var (status, body) = await _api.PostAsync(url, "[{}]");
            Assert.Equal((503, "The disk is gone."), (status, (string?)JsonNode.Parse(body)!["detail"]));
        }

        Assert.Equal(503, (await _api.SendAsync(HttpMethod.Get, "/api/jobs/20261122-081653-k3f9x2")).Status);
        Assert.Equal(503, (await _api.SendAsync(HttpMethod.Get, "/api/jobs")).Status);
    }

    [Fact]
    public async Task Submit_stores_in_other_scripts_are_taken_in_every_form()
    {
        await _host.PutDicomAsync("drop/a.dcm");
        const string Keys = "\"project_id\":\"p\",\"region\":\"l\",\"dataset_id\":\"données\",\"dicom_store_id\":\"画像\"";
        const string Path = "projects/p/locations/l/datasets/données/dicomStores/画像";
        foreach (var (url, body) in new[]
        {
            ("/api/search?wait=30", $"{{{Keys},\"search_type\":\"studies\"}}"),
            ("/api/upload?wait=30&project_id=p&region=l&dataset_id=donn%C3%A9es&dicom_store_id=%E7%94%BB%E5%83%8F", "\"drop/a.dcm\""),
            ($"/api/upload?wait=30&destination={Uri.EscapeDataString(Path)}", "\"drop/a.dcm\""),
            ("/api/upload?wait=30", $"{{\"destination\":{{{Keys}}},\"inputs\":[\"drop/a.dcm\"]}}"),
            ("/api/upload?wait=30", $"{{\"destination\":\"{Path}\",\"inputs\":[\"drop/a.dcm\"]}}"),
            ("/api/format", $"\"{Path}/dicomWeb/studies/1/series/2/instances/3\""),
        })
        {
            var (status, answer) = await _api.PostAsync(url, body);
            Assert.Equal(200, status);
            var record = JsonNode.Parse(answer)!;
            Assert.True((bool)record["success"]!, answer);
            if (url == "/api/format")
                Assert.Equal("données", (string?)record["result"]!["dataset_id"]);
        }
    }

    /// <summary>A value that cannot be an input, on any line but the first, fails alone, as it does in an array.</summary>
    [Theory]
    [InlineData("[\"b\"]")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task Submit_an_NDJSON_line_that_is_no_input_is_one_failed_record_in_its_place(string line)
    {
        await _host.Objects.PutAsync("drop/a.dcm", new MemoryStream(Some.DicomFile()), PutCondition.Always, CancellationToken.None);
        const string Path = "\"projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1/series/2/instances/3\"";
        foreach (var (url, good) in new[]
        {
            ("/api/search?wait=30", CoreHost.SearchJson()),
            ($"/api/upload?wait=30&{DestinationQuery}", "\"drop/a.dcm\""),
            ("/api/format", Path),
        })
        {
            foreach (var mark in new[] { "", "\uFEFF" })
            {
                var (status, answer) = await _api.PostAsync(url, $"{mark}{good}\n{line}\n{good}\n");
                Assert.Equal(200, status);
                var records = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(record => JsonNode.Parse(record)!).ToList();
                Assert.Equal([true, false, true], records.Select(record => (bool)record["success"]!));
                var echoed = records[1]["input"]!;
                Assert.Equal(line, url.Contains("upload", StringComparison.Ordinal) ? (string?)echoed : echoed?.ToJsonString() ?? "null");
            }
        }
    }

    [Fact]
    public async Task Format_converts_at_once()
    {
        const string Path = "projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1/series/2/instances/3";
        foreach (var body in new[] { $"[\"{Path}\",\"x\"]", $"\"{Path}\"\n\"x\"\n", $"{{\n\"messages\":[\"{Path}\",\n\"x\"]}}" })
        {
            var (status, answer) = await _api.SendAsync(HttpMethod.Post, "/api/format", new StringContent(body), "application/json");
            Assert.Equal(200, status);
            Assert.Equal([true, false], JsonNode.Parse(answer)!.AsArray().Select(record => (bool)record!["success"]!));
            (_, answer) = await _api.PostAsync("/api/format", body);
            Assert.Equal(2, answer.Split('\n').Length - 1);
        }

        var (_, empty) = await _api.SendAsync(HttpMethod.Post, "/api/format", new StringContent("[]"), "application/json");
        Assert.Equal("[]\n", empty);
        var (_, spread) = await _api.PostAsync("/api/format", "{\n \"data\":\n null }");
        Assert.StartsWith("{\"input\":{  \"data\":  null },\"result\":{},\"success\":false", spread, StringComparison.Ordinal);
    }
}
