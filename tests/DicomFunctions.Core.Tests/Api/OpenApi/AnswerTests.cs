using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using DicomFunctions.Testing.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Api.OpenApi;

/// <summary>
/// That the handlers give every answer the document tells of; that they give no other is <see cref="DocumentedHandler"/>'s to see, here and
/// in all tests of them.
/// </summary>
public sealed class AnswerTests : IAsyncLifetime
{
    private const string None = "20261122-081653-k3f9x2";
    private const string DestinationQuery = "destination=projects/p/locations/l/datasets/d/dicomStores/s";

    private static readonly ApiDocument Document = ApiDocument.Load();

    private TokenIssuer _issuer = null!;
    private CoreHost _host = null!;
    private ApiServer _api = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TokenIssuer.StartAsync();
        _host = await CoreHost.StartAsync(settings:
        [
            ("Push:Audience", "push"), ("Push:ServiceAccount", "push@p.iam.gserviceaccount.com"),
            ("Push:CertificatesUrl", _issuer.CertificatesUrl),
            ("Drop:Destination", CoreHost.Store.ToString()), ("Drop:SettleTime", "00:00:00"), ("DicomWeb:MaxAttempts", "1"),
            ("Api:MaxFormatBytes", "1024"), ("Jobs:MaxInputs", "3"),
        ]);
        _api = await ApiServer.StartAsync(_host);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _host.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Every_answer_that_is_told_of_is_given()
    {
        await SubmitAsync();
        await PushAsync();
        await AskForJobsAsync();
        await ActOnJobsAsync();
        await BreakAsync();
        foreach (var path in new[] { "health", "health/deep", "openapi.json", "overview", "dashboard", "dashboard/app.js", "jobs" })
            Assert.Equal(200, await StatusAsync(HttpMethod.Get, path));
        Assert.Equal(307, await StatusAsync(HttpMethod.Get, "health?deep"));
        Assert.Equal(404, await StatusAsync(HttpMethod.Get, "dashboard/index.html"));
        foreach (var path in new[] { "health", "health/deep", "overview", "jobs" })
            Assert.Equal(400, await StatusAsync(HttpMethod.Get, path + "?wrong=1"));
        foreach (var (method, path) in OfJob(None))
            Assert.Equal(400, await StatusAsync(method, path + "?wrong=1"));

        await AskAgainAsync();

        var told =
            from operation in Document.Operations
            where operation.Method != "HEAD"
            from status in operation.Node["responses"]!.AsObject()
            let isOfHost = status.Key is "408" or "429" || (status.Key is "401" or "403" && operation.Id != "push")
            where !isOfHost
            select $"{operation.Id} {status.Key}";
        Assert.Equal(told.Order(), _api.Seen.Select(seen => $"{seen.OperationId} {seen.Status}").Order());
    }

    [Fact]
    public async Task Search_records_have_every_property_that_is_told_of()
    {
        // The first comes again on its own page.
        _host.Server.Rows = [.. FakeDicomStore.Instances(1), .. FakeDicomStore.Instances(2)];
        _host.Server.PageCap = 2;
        _host.Server.Before = async context =>
        {
            if (!context.Request.Query.ContainsKey("offset"))
                return false;
            await FakeDicomStore.JsonAsync(
                context, """{"error":{"code":403,"message":"No.","status":"PERMISSION_DENIED"}}""", 403, "application/json");
            return true;
        };
        var records = await RecordsAsync("search", $"[{CoreHost.SearchJson()},{{}}]");
        const string Path = "projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1/series/2/instances/1.2.0";
        var id = await _host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Notifications },
            $$"""
            {"data":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Path))}}","messageId":"7","publishTime":"2026-11-22T10:00:00Z"}
            """,
            "5");
        var (_, results) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results", accept: "application/json");
        records.AddRange(JsonNode.Parse(results)!.AsArray().Where(record => record!["result"] is JsonArray)!);

        Assert.Equal(Properties("SearchRecord"), records.SelectMany(Names).Distinct().Order());
    }

    [Fact]
    public async Task Upload_records_have_every_property_that_is_told_of()
    {
        foreach (var (name, uid) in new[] { ("stored", "1.2.1"), ("known", "1.2.2"), ("refused", "1.2.3") })
            await _host.PutDicomAsync($"drop/{name}.dcm", uid);
        _host.Server.OnStow = async (context, transaction) =>
        {
            var uid = Part10Header.Read(transaction.Files.Single(), isWhole: true).Header!.SopInstanceUid!;
            _host.Server.Stored[uid] = transaction.Files.Single();
            await (uid == "1.2.3"
                ? FakeDicomStore.JsonAsync(context, StowAnswer.Of([], [StowAnswer.Failed(uid, 0x0110, "Full.")]), 409)
                : FakeDicomStore.JsonAsync(context, StowAnswer.Of([StowAnswer.Stored(uid, uid == "1.2.2" ? 45070 : null)], [])));
            return true;
        };
        var records = await RecordsAsync(
            $"upload?{DestinationQuery}&buffer_size=1", "[\"drop/stored.dcm\",\"drop/known.dcm\",\"drop/refused.dcm\"]");

        Assert.Equal(Properties("UploadRecord"), records.SelectMany(Names).Distinct().Order());
    }

    [Fact]
    public async Task Format_records_have_every_code_that_is_told_of()
    {
        const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";
        var messages = new[]
        {
            "", "x", "projects/p/locations/l/datasets/d/fhirStores/s", $"{Store}/dicomWeb/studies/1",
            $"{Store}/dicomWeb/studies/1/series/2",
            $"{Store}/dicomWeb/studies//series/2/instances/3", $"{Store}/dicomWeb/studies/x/series/2/instances/3",
            $"{Store.Replace("/s", "/~", StringComparison.Ordinal)}/dicomWeb/studies/1/series/2/instances/3",
        };
        var body = string.Join('\n', messages.Select(message => $"\"{message}\"").Append("{\"data\":5}"));
        var (_, records) = await _api.SendAsync(HttpMethod.Post, "/api/format", new StringContent(body), "application/json");

        Assert.Equal(
            [
                FailureCode.BadId, FailureCode.BadUid, FailureCode.Empty, FailureCode.EmptyId, FailureCode.Malformed, FailureCode.NoData,
                FailureCode.NotADicomStore, FailureCode.SeriesLevel, FailureCode.StudyLevel,
            ],
            JsonNode.Parse(records)!.AsArray().Select(record => (string)record!["error"]!["code"]!).Order(StringComparer.Ordinal));
    }

    /// <summary>The properties of a schema and of what is in them, but not of data sets.</summary>
    private static IEnumerable<string> Properties(string schema) => Document.Schema(schema)["properties"]!.AsObject()
        .SelectMany(
            property => (Document.Follow(property.Value!)["properties"]?.AsObject().Select(inner => $"{property.Key}.{inner.Key}") ?? [])
                .Prepend(property.Key)).Order();

    private static IEnumerable<string> Names(JsonNode record) => record.AsObject().SelectMany(property =>
        (property is { Key: not "input", Value: JsonObject inner } ? inner.Select(one => $"{property.Key}.{one.Key}") : [])
            .Prepend(property.Key));

    private async Task SubmitAsync()
    {
        foreach (var path in new[] { "search", "retrieve", $"upload?{DestinationQuery}", "format" })
        {
            if (path != "format")
            {
                Assert.Equal(202, (await _api.PostAsync($"/api/{path}", "[]")).Status);
                Assert.Equal(413, (await _api.PostAsync($"/api/{path}", "[1,2,3,4]")).Status);
                Assert.Equal(202, await WithKeyAsync(path, "[]"));
                Assert.Equal(202, await WithKeyAsync(path, "[]"));
                Assert.Equal(409, await WithKeyAsync(path, "[1]"));
                Assert.Single(await RecordsAsync(path, "\"x\""));
            }

            Assert.Equal(400, (await _api.PostAsync($"/api/{path}", "[")).Status);
        }

        Assert.Equal(200, (await _api.PostAsync("/api/format", "\"x\"")).Status);
        Assert.Equal(413, (await _api.PostAsync("/api/format", $"\"{new string('x', 2000)}\"")).Status);
    }

    private async Task<int> WithKeyAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{path}") { Content = new StringContent(body) };
        request.Headers.Add("Idempotency-Key", "key");
        using var answer = await _api.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private async Task PushAsync()
    {
        const string Body = "{\"message\":{}}";
        Assert.Equal(401, await SendAsync(Body, token: null));
        Assert.Equal(403, await SendAsync(Body, _issuer.Token(email: "other@p.iam.gserviceaccount.com")));
        Assert.Equal(400, await SendAsync("{}", _issuer.Token()));
        Assert.Equal(413, await SendAsync(new string(' ', 17 << 20) + Body, _issuer.Token()));
        Assert.Equal(204, await SendAsync(Body, _issuer.Token()));
        _host.Objects.IsDown = true;
        Assert.Equal(503, await SendAsync(Body, _issuer.Token()));
        _host.Objects.IsDown = false;

        async Task<int> SendAsync(string body, string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/pubsub/push") { Content = new StringContent(body) };
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await _api.Http.SendAsync(request);
            return (int)answer.StatusCode;
        }
    }

    private async Task AskForJobsAsync()
    {
        Assert.Equal(400, await StatusAsync(HttpMethod.Get, "jobs?limit=0"));
        Assert.Equal(400, await StatusAsync(HttpMethod.Get, $"jobs/{None}/results?success=maybe"));
        Assert.Equal(400, await StatusAsync(HttpMethod.Post, $"jobs/{None}/cancel?force=maybe"));
        foreach (var (method, path) in OfJob(None))
            Assert.Equal(404, await StatusAsync(method, path));
    }

    private async Task ActOnJobsAsync()
    {
        await _host.PutAsync("drop/incoming/a.dcm", "no DICOM"u8.ToArray());
        await _host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None);
        await _host.Engine.WaitAsync(DropActivities.InstanceId, CancellationToken.None).InTime();
        var ofDrop = (await _host.Jobs.ListAsync(null, CancellationToken.None).FirstAsync()).Id;
        var (_, job) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{ofDrop}");
        Assert.True((bool)JsonNode.Parse(job)!["of_drop"]!);
        foreach (var action in new[] { "cancel", "resume", "retry" })
            Assert.Equal(409, await StatusAsync(HttpMethod.Post, $"jobs/{ofDrop}/{action}"));

        var go = new TaskCompletionSource();
        _host.Server.Before = async _ =>
        {
            await go.Task;
            return false;
        };
        var running = await _host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search }, CoreHost.Lines([CoreHost.SearchJson()]), CancellationToken.None);
        Assert.Equal(200, await StatusAsync(HttpMethod.Get, $"jobs/{running}"));
        Assert.Equal(409, await StatusAsync(HttpMethod.Delete, $"jobs/{running}"));
        Assert.Equal(202, await StatusAsync(HttpMethod.Post, $"jobs/{running}/cancel"));
        go.SetResult();
        await _host.Jobs.WaitAsync(running, CancellationToken.None).InTime();
        Assert.Equal(200, await StatusAsync(HttpMethod.Get, $"jobs/{running}/results"));
        Assert.Equal(202, await StatusAsync(HttpMethod.Post, $"jobs/{running}/retry"));
        File.Delete(_host.Folder.Combine("store", new JobFiles(running).Part(0)));
        Assert.Equal(409, await StatusAsync(HttpMethod.Get, $"jobs/{running}/results"));
        Assert.Equal(204, await StatusAsync(HttpMethod.Delete, $"jobs/{running}"));

        for (var i = 0; i < 4; i++)
            await _host.PutAsync($"drop/bad/{i}.dcm", "no DICOM"u8.ToArray());
        var many = await _host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Upload, Destination = CoreHost.Store.ToString() }, "\"drop/bad/\"");
        Assert.Equal(413, await StatusAsync(HttpMethod.Post, $"jobs/{many}/retry"));

        _host.Objects.Fault = (_, name) => name.EndsWith("/summary.json", StringComparison.Ordinal)
            ? new ObjectStoreException("gone")
            : null;
        var broken = await _host.Jobs.SubmitAsync(new JobSubmission { Kind = JobKind.Search }, CoreHost.Lines([]), CancellationToken.None);
        await _host.Engine.WaitAsync(broken, CancellationToken.None).InTime();
        _host.Objects.IsDown = false;
        Assert.Equal(202, await StatusAsync(HttpMethod.Post, $"jobs/{broken}/resume"));
        await _host.Jobs.WaitAsync(broken, CancellationToken.None).InTime();
    }

    /// <summary>Asks for what has an ETag once more, with that.</summary>
    private async Task AskAgainAsync()
    {
        var job = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, "{}");
        foreach (var path in new[] { $"jobs/{job}", "openapi.json", "dashboard", "dashboard/app.js" })
        {
            using var first = await _api.Http.GetAsync($"/api/{path}");
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/{path}");
            request.Headers.TryAddWithoutValidation("If-None-Match", $"\"other\", {first.Headers.ETag}");
            using var again = await _api.Http.SendAsync(request);
            Assert.Equal((HttpStatusCode.NotModified, first.Headers.ETag), (again.StatusCode, again.Headers.ETag));
        }
    }

    private async Task BreakAsync()
    {
        _host.Objects.IsDown = true;
        foreach (var path in new[] { "search", "retrieve", $"upload?{DestinationQuery}" })
            Assert.Equal(503, (await _api.PostAsync($"/api/{path}", "[]")).Status);
        foreach (var (method, path)
            in OfJob(None).Append((HttpMethod.Get, "jobs")).Append((HttpMethod.Get, "health")).Append((HttpMethod.Get, "health/deep"))
                .Append((HttpMethod.Get, "overview")))
        {
            Assert.Equal(503, await StatusAsync(method, path));
        }

        _host.Objects.IsDown = false;
    }

    private static IEnumerable<(HttpMethod Method, string Path)> OfJob(string id) =>
    [
        (HttpMethod.Get, $"jobs/{id}"), (HttpMethod.Delete, $"jobs/{id}"), (HttpMethod.Get, $"jobs/{id}/results"),
        (HttpMethod.Post, $"jobs/{id}/cancel"), (HttpMethod.Post, $"jobs/{id}/resume"), (HttpMethod.Post, $"jobs/{id}/retry"),
    ];

    private async Task<int> StatusAsync(HttpMethod method, string path) => (await _api.SendAsync(method, "/api/" + path)).Status;

    private async Task<List<JsonNode>> RecordsAsync(string path, string body)
    {
        var wait = (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "wait=60";
        var (status, records) = await _api.SendAsync(HttpMethod.Post, $"/api/{path}{wait}", new StringContent(body), "application/json");
        Assert.Equal(200, status);
        return [.. JsonNode.Parse(records)!.AsArray().Select(record => record!)];
    }
}
