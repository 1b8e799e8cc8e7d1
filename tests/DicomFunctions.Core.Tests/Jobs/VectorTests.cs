using System.Globalization;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Notifications;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs;

/// <summary>The vectors that every implementation of this system must satisfy, by way of whole jobs.</summary>
public sealed class VectorTests
{
    public static TheoryData<string> Searches => Names("search.json");

    public static TheoryData<string> Uploads => Names("upload.json");

    public static TheoryData<string> Formats => Names("format.json");

    [SharedTheory]
    [MemberData(nameof(Searches))]
    public async Task Search_records_are_those_of_the_vectors(string name)
    {
        var vector = Find("search.json", name);
        await using var host = await CoreHost.StartAsync(CoreHost.SkippingClock());
        Serve(host.Server, vector["server"]);
        var input = vector["input"]!.ToJsonString();
        var record = Assert.Single(await host.SearchJobAsync(input));
        var expect = vector["expect"]!;
        Assert.Equal((bool)expect["success"]!, (bool)record["success"]!);
        Assert.Equal(input, record["input"]!.ToJsonString());
        Assert.Equal(expect["partial"] is not null, record["partial"] is not null);
        if (expect["status"] is { } status)
            Assert.Equal(status.ToJsonString(), record["status"]!.ToJsonString());
        if (expect["rows"] is { } rows)
            Assert.Equal((int)rows, record["result"]!.AsArray().Count);
        if (expect["result"] is { } result)
            Assert.Equal(result.ToJsonString(), record["result"]!.ToJsonString());
        Assert.DoesNotContain(
            Keys(expect), key => key is not ("success" or "status" or "rows" or "result" or "partial" or "input_unchanged"));
    }

    [SharedTheory]
    [MemberData(nameof(Uploads))]
    public async Task Upload_records_are_those_of_the_vectors(string name)
    {
        var vector = Find("upload.json", name);
        await using var host = await CoreHost.StartAsync();
        await using var api = await ApiServer.StartAsync(host);
        var input = vector["input"] is { } given ? given.ToJsonString() : await host.PutDicomAsync("drop/incoming/a.dcm");
        var type = vector["input_type"] is { } inputType ? $"\"input_type\":{inputType.ToJsonString()}," : "";
        var body = $"{{{type}\"destination\":{vector["destination"]!.ToJsonString()},\"inputs\":[{input}]}}";
        var (status, answer) = await api.PostAsync("/api/upload?wait=60", body);
        if (vector["expect_error"] is { } error)
        {
            Assert.Equal(400, status);
            Assert.Equal((string)error!, (string?)JsonNode.Parse(answer)!["detail"]);
            return;
        }

        Assert.Equal(200, status);
        var record = JsonNode.Parse(answer)!;
        var expect = vector["expect"]!;
        Assert.Equal((bool)expect["success"]!, (bool)record["success"]!);
        Assert.Equal(expect["has_input"] is not null, record["input"] is not null);
        if (expect["status"] is { } code)
            Assert.Equal((int)code, (int)record["status"]!);
        if (vector["input"] is { } asGiven && vector["input_type"]!.ToString() == "fileio")
            Assert.Equal(asGiven.ToString(), record["input"]!.ToString());
    }

    [SharedTheory]
    [MemberData(nameof(Formats))]
    public async Task Format_records_are_those_of_the_vectors(string name)
    {
        var vector = Find("format.json", name);
        var input = vector["input"]!.ToJsonString();
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        FormatRecord.Convert(output, System.Text.Encoding.UTF8.GetBytes(input));
        Check(JsonNode.Parse(output.WrittenSpan)!, vector["expect"]!);

        // The same message, of which a job makes a search.
        await using var host = await CoreHost.StartAsync();
        var id = await host.RunJobAsync(new JobSubmission { Kind = JobKind.Notifications }, input);
        var record = Assert.Single(await host.RecordsAsync(id));
        var expect = vector["expect"]!;
        Assert.Equal((bool)expect["success"]!, (bool)record["success"]!);
        Assert.Equal(
            (bool)expect["success"]! ? expect["result"]!.ToJsonString() : input, record["input"]!.ToJsonString());
    }

    private static void Check(JsonNode record, JsonNode expect)
    {
        foreach (var key in Keys(expect))
            Assert.Equal(expect[key]!.ToJsonString(), record[key]!.ToJsonString());
        if (!(bool)expect["success"]!)
        {
            Assert.False(string.IsNullOrEmpty((string?)record["error"]!["code"]));
            Assert.False(string.IsNullOrEmpty((string?)record["error"]!["message"]));
        }
    }

    private static void Serve(FakeDicomStore server, JsonNode? knobs)
    {
        if (knobs is null)
            return;
        var status = (int?)knobs["status"] ?? 200;
        server.Rows = FakeDicomStore.Instances((int?)knobs["rows_available"] ?? (int?)knobs["rows"] ?? 0);
        server.PageCap = (int?)knobs["page_cap"];
        var failOnce = (int?)knobs["fail_once_at_offset"];
        var known = new[] { "status", "rows", "rows_available", "page_cap", "fail_from_offset", "fail_once_at_offset", "fail_status" };
        Assert.DoesNotContain(Keys(knobs), key => !known.Contains(key));
        server.Before = context =>
        {
            var offset = context.Request.Query.TryGetValue("offset", out var text) ? int.Parse(text!, CultureInfo.InvariantCulture) : 0;
            if (failOnce == offset)
            {
                failOnce = null;
            }
            else if (offset < ((int?)knobs["fail_from_offset"] ?? int.MaxValue))
            {
                context.Response.StatusCode = status;
                return Task.FromResult(status != 200);
            }

            context.Response.StatusCode = (int)knobs["fail_status"]!;
            return Task.FromResult(true);
        };
    }

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(member => member.Key);

    private static TheoryData<string> Names(string file) =>
        new(Shared.Missing is null ? Load(file).Select(vector => (string)vector!["name"]!) : ["-"]);

    private static JsonNode Find(string file, string name) => Load(file).Single(vector => (string?)vector!["name"] == name)!;

    private static JsonArray Load(string file) => JsonNode.Parse(File.ReadAllText(Shared.Path("vectors", file)))!.AsArray();
}
