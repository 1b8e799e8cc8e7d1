using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;

namespace DicomFunctions.Process.Tests.BadInput;

/// <summary>Whatever is sent to <c>dicomfn serve</c>, it says what is wrong with it, and stays up.</summary>
public sealed class BadRequestTests(HostFixture host) : IClassFixture<HostFixture>
{
    /// <summary>What no id, name or UID may do: leave its folder, end early, or be endless.</summary>
    public static TheoryData<string> HostileTargets => new(
        "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/health", "%2E%2E%2Fhealth", "..", "%00", "a%00b",
        "20261122-081653-k3f9x2%00", "20261122-081653-k3f9x2%2f..", "20261122-081653-K3F9X2", "99999999-999999-aaaaaa", "%c0%ae%c0%ae",
        "%", "%zz",
        "*", "%20", "%0d%0aX:1", new string('a', 7_000), new string('a', 10_240), "%e2%80%ae", "job.json");

    public static TheoryData<string> HostileTexts => new(
        "../../etc", "..", "a/b", "a%2fb", "%2e%2e", "a\\u0000b", "\\u0000", "\\ud800", " ", "a?b", "a#b", "a b", "a\\r\\nb", "e\\u0301",
        "\\ud83d\\ude00", new string('a', 10_240));

    [Theory]
    [MemberData(nameof(HostileTargets))]
    public async Task A_hostile_job_id_is_refused(string id)
    {
        foreach (var (method, target) in new[]
        {
            ("GET", $"/api/jobs/{id}"), ("GET", $"/api/jobs/{id}/results"), ("DELETE", $"/api/jobs/{id}"),
            ("POST", $"/api/jobs/{id}/cancel"), ("POST", $"/api/jobs/{id}/resume"), ("POST", $"/api/jobs/{id}/retry"),
            ("GET", $"/api/jobs?before={id}"),
        })
        {
            Assert.InRange(await RawHttp.SendAsync(host.Address, method, target), 400, 499);
        }

        Assert.True(await host.Serve.IsHealthyAsync());
    }

    [Theory]
    [InlineData("api/search", """[{"search_type":"studies"},""" + "\n  {\"search_type\":}]", 2, 18)]
    [InlineData("api/search", "{\"requests\":[\n{}\n,]}", 3, 2)]
    [InlineData("api/search", "nonsense", 1, 2)]
    [InlineData("api/upload", "{\"destination\":\"x\",\n\"inputs\":[\"file:a\" \"file:b\"]}", 2, 20)]
    [InlineData("api/format", "[\"a\",\n'b']", 2, 1)]
    public async Task Malformed_json_is_told_by_line_and_position(string path, string json, int line, int position)
    {
        var problem = await RefusedAsync(HttpStatusCode.BadRequest, path, json);

        Assert.StartsWith($"Line {line}, position {position}:", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/search", "")]
    [InlineData("api/search", "[{}")]
    [InlineData("api/search", "[] []")]
    [InlineData("api/search", "{\"requests\":[{}]} {}")]
    [InlineData("api/upload", "{\"destination\":")]
    [InlineData("api/format", "[")]
    public async Task Json_that_ends_early_or_goes_on_is_refused(string path, string json) =>
        await RefusedAsync(HttpStatusCode.BadRequest, path, json);

    [Theory]
    [InlineData("api/search", """{"requests":[{}],"bufer_size":8}""", "bufer_size")]
    [InlineData("api/search", """{"bufer_size":8,"requests":[{}]}""", "bufer_size")]
    [InlineData("api/search?max_worker=3", "[{}]", "max_worker")]
    [InlineData("api/search", """{"requests":[{}],"buffer_size":0}""", "buffer_size")]
    [InlineData("api/search", """{"requests":[{}],"max_workers":"5"}""", "max_workers")]
    [InlineData("api/search?wait=soon", "[{}]", "wait")]
    [InlineData(
        "api/upload", """{"destination":"projects/p/locations/l/datasets/d/dicomStores/files","inputs":["a"],"credentials":{}}""",
        "credentials")]
    [InlineData("api/upload", """{"inputs":["a"]}""", "destination")]
    [InlineData(
        "api/upload", """{"destination":"projects/p/locations/l/datasets/d/dicomStores/files","inputs":["a"],"input_type":"pigeon"}""",
        "input_type")]
    [InlineData("api/format", """{"messages":[],"wait":1}""", "wait")]
    public async Task An_option_that_is_unknown_or_wrong_is_named(string path, string json, string key)
    {
        var problem = await RefusedAsync(HttpStatusCode.BadRequest, path, json);

        Assert.Equal(key, problem.GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("api/search", "application/json", HostFixture.MaxJsonBytes)]
    [InlineData("api/upload", "application/json", HostFixture.MaxJsonBytes)]
    [InlineData("api/format", "application/json", HostFixture.MaxFormatBytes)]
    [InlineData("api/upload?destination=" + Stores.Files, "application/dicom", HostFixture.MaxUploadBytes)]
    public async Task A_body_over_the_limit_is_refused_however_it_is_sent(string path, string type, int limit)
    {
        var bytes = Encoding.UTF8.GetBytes($"[{string.Join(",\n", Enumerable.Repeat("\"aaaaaaaaaaaa\"", limit / 10))}]");
        foreach (var isChunked in new[] { false, true })
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            request.Headers.TransferEncodingChunked = isChunked;
            using var answer = await host.Serve.Http.SendAsync(request);

            await AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, answer);
        }
    }

    [Theory]
    [InlineData("GET", "api/search", "POST")]
    [InlineData("DELETE", "api/jobs", "GET, HEAD")]
    [InlineData("PUT", "api/jobs/20261122-081653-k3f9x2", "DELETE, GET, HEAD")]
    [InlineData("GET", "api/jobs/20261122-081653-k3f9x2/cancel", "POST")]
    [InlineData("POST", "api/health", "GET, HEAD")]
    public async Task A_method_that_an_address_does_not_have_is_refused_with_those_it_has(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await host.Serve.Http.SendAsync(request);

        await AssertProblemAsync(HttpStatusCode.MethodNotAllowed, answer);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order()));
    }

    [Fact]
    public async Task One_input_over_the_limit_is_refused() => await RefusedAsync(
        HttpStatusCode.RequestEntityTooLarge, "api/search", $"[{{\"a\":\"{new string('a', HostFixture.MaxInputBytes)}\"}}]");

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task A_hostile_store_id_makes_a_failed_record(string id)
    {
        var request = $$"""{"project_id":"p","region":"l","dataset_id":"d","dicom_store_id":"{{id}}","search_type":"studies"}""";

        var record = Assert.Single(await RecordsAsync("api/search", $"[{request}]"));

        Assert.False(record.GetProperty("success").GetBoolean());
        Assert.Equal(request, record.GetProperty("input").GetRawText());
        Assert.Equal(JsonValueKind.String, record.GetProperty("status").ValueKind);
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task A_hostile_destination_is_refused(string id)
    {
        foreach (var destination in new[]
        {
            $"\"projects/p/locations/l/datasets/d/dicomStores/{id}\"",
            $$"""{"project_id":"p","region":"l","dataset_id":"{{id}}","dicom_store_id":"s"}""",
        })
        {
            var problem = await RefusedAsync(
                HttpStatusCode.BadRequest, "api/upload", $$"""{"destination":{{destination}},"inputs":["a"]}""");
            Assert.Equal("destination", problem.GetProperty("key").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task A_hostile_uid_finds_nothing_or_makes_a_failed_record(string uid)
    {
        var request = """{"project_id":"p","region":"l","dataset_id":"d","dicom_store_id":"files","search_type":"instances","""
            + $$$"""
            "params":{"StudyInstanceUID":"{{{uid}}}"}}
            """;

        var record = Assert.Single(await RecordsAsync("api/search", $"[{request}]"));

        Assert.Equal(request, record.GetProperty("input").GetRawText());
        Assert.Empty(record.GetProperty("result").EnumerateArray());
        Assert.NotEqual(500, record.GetProperty("status").ValueKind == JsonValueKind.Number ? record.GetProperty("status").GetInt32() : 0);
    }

    [Theory]
    [InlineData("file:/etc/passwd")]
    [InlineData("file:../../../../etc/passwd")]
    [InlineData("file:%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("file:/proc/self/environ")]
    [InlineData("file:a\\u0000b")]
    [InlineData("drop/../../../etc/passwd")]
    [InlineData("drop/%2e%2e/jobs")]
    [InlineData("jobs/../../etc/passwd")]
    [InlineData("../drop/a.dcm")]
    [InlineData("/etc/passwd")]
    [InlineData("gs://../x")]
    [InlineData("gs://bucket/%2e%2e/x?y#z")]
    [InlineData("http://127.0.0.1/x.dcm")]
    [InlineData("")]
    public async Task A_hostile_source_makes_a_failed_record(string source)
    {
        var record = Assert.Single(await RecordsAsync("api/upload", $$"""{"destination":"{{Stores.Files}}","inputs":["{{source}}"]}"""));

        AssertFailed(record);
        Assert.Equal($"\"{source}\"", record.GetProperty("input").GetRawText());
        Assert.Empty(await host.Emulator.InstancesAsync(Stores.Files));
    }

    [Fact]
    public async Task A_source_of_10_kB_makes_a_failed_record()
    {
        foreach (var source in new[] { "file:", "drop/", "gs://", "" })
        {
            var long10 = source + new string('a', 10_240);
            AssertFailed(
                Assert.Single(await RecordsAsync("api/upload", $$"""{"destination":"{{Stores.Files}}","inputs":["{{long10}}"]}""")));
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("true")]
    [InlineData("\"\\ud800\"")]
    public async Task An_input_of_another_kind_makes_a_failed_record(string input)
    {
        AssertFailed(Assert.Single(await RecordsAsync("api/upload", $$"""{"destination":"{{Stores.Files}}","inputs":[{{input}}]}""")));
        Assert.False(Assert.Single(await RecordsAsync("api/search", $"[{input}]")).GetProperty("success").GetBoolean());
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("PUT", "/api/search", 405)]
    public async Task Another_address_or_method_is_refused(string method, string target, int status) =>
        Assert.Equal(status, await RawHttp.SendAsync(host.Address, method, target));

    [Theory]
    [InlineData("Origin: http://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Host: evil.example")]
    public async Task A_page_of_another_site_is_refused(string header)
    {
        Assert.Equal(403, await RawHttp.SendAsync(host.Address, "GET", "/api/jobs", header));
        Assert.Equal(403, await RawHttp.SendAsync(host.Address, "POST", "/api/search", header));
    }

    private static void AssertFailed(JsonElement record)
    {
        Assert.False(record.GetProperty("success").GetBoolean());
        Assert.NotEmpty(record.GetProperty("error").GetProperty("reason").GetString()!);
    }

    private async Task<JsonElement> RefusedAsync(HttpStatusCode status, string path, string json)
    {
        using var content = ServeProcess.Json(json);
        using var answer = await host.Serve.Http.PostAsync(path, content);
        return await AssertProblemAsync(status, answer);
    }

    private async Task<JsonElement> AssertProblemAsync(HttpStatusCode status, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(await host.Serve.IsHealthyAsync());
        return JsonElement.Parse(text);
    }

    private async Task<List<JsonElement>> RecordsAsync(string path, string json)
    {
        var id = await host.Serve.SubmitAsync(path, json);
        await host.Serve.CompletesAsync(id);
        Assert.True(await host.Serve.IsHealthyAsync());
        return await host.Serve.RecordsAsync(id);
    }
}
