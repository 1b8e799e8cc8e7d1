using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

public sealed class NotificationJobTests : IAsyncLifetime
{
    private readonly FakeArchive _archive = new();
    private CoreHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync(configure: services => services.AddSingleton<IDicomStoreClient>(_archive));
        for (var i = 0; i < 2; i++)
            _archive.Add("1.1", "1.1.1", $"1.2.{i}", Some.DicomFile("1.1", "1.1.1", $"1.2.{i}"));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(FollowUp.Search, "search_type", "instances")]
    [InlineData(FollowUp.Metadata, "retrieve_type", "metadata")]
    [InlineData(FollowUp.Instances, "retrieve_type", "instances")]
    public async Task Every_message_has_the_record_of_what_it_leads_to(object then, string typeKey, string type)
    {
        var records = await RunAsync(
            (FollowUp)then, Message("1.2.0", "m-0"), "\"free text\"", Message("1.2.1", "m-1"), Message("1.2.9", "m-2"));

        var expected = new JsonObject
        {
            ["project_id"] = "p",
            ["region"] = "l",
            ["dataset_id"] = "d",
            ["dicom_store_id"] = "s",
            [typeKey] = type,
            ["params"] = new JsonObject
            {
                ["StudyInstanceUID"] = "1.1",
                ["SeriesInstanceUID"] = "1.1.1",
                ["SOPInstanceUID"] = "1.2.0",
            },
        };
        Assert.True(JsonNode.DeepEquals(expected, records[0]["input"]), records[0].ToJsonString());
        Assert.Equal([true, false, true], records.Take(3).Select(record => (bool)record["success"]!));
        Assert.Equal(["m-0", null, "m-1", "m-2"], records.Select(record => (string?)record["message_id"]));
        Assert.Equal("free text", (string)records[1]["input"]!);
        Assert.Equal("malformed", (string)records[1]["error"]!["code"]!);
        var result = Assert.Single(records[0]["result"]!.AsArray())!;
        Assert.Equal(
            "1.2.0", (string?)(then is FollowUp.Instances ? result["sop_instance_uid"] : result["00080018"]!["Value"]![0]!));
        var files = await _host.ListAsync("retrieved/");
        Assert.Equal(then is FollowUp.Instances ? 2 : 0, files.Count);
    }

    [Fact]
    public async Task A_retry_leads_to_the_same()
    {
        var id = await SubmitAsync(FollowUp.Instances, Message("1.2.9", "m-0"));
        _archive.Add("1.1", "1.1.1", "1.2.9", Some.DicomFile("1.1", "1.1.1", "1.2.9"));
        var retry = (await _host.Jobs.RetryAsync(id, caller: null, CancellationToken.None)).NewId!;
        await _host.Engine.WaitAsync(retry, CancellationToken.None).InTime();
        var record = Assert.Single(await _host.RecordsAsync(retry));
        Assert.Equal(
            ("instances", "1.2.9", "m-0"),
            (
                (string?)record["input"]!["retrieve_type"],
                (string?)record["result"]![0]!["sop_instance_uid"],
                (string?)record["message_id"]));
    }

    private static string Message(string uid, string id)
    {
        var path = $"{CoreHost.Store}/dicomWeb/studies/1.1/series/1.1.1/instances/{uid}";
        return $$"""{"data":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(path))}}","messageId":"{{id}}"}""";
    }

    private async Task<List<JsonNode>> RunAsync(FollowUp then, params string[] messages) =>
        await _host.RecordsAsync(await SubmitAsync(then, messages));

    private Task<string> SubmitAsync(FollowUp then, params string[] messages) =>
        _host.RunJobAsync(new JobSubmission { Kind = JobKind.Notifications, Then = then }, messages);
}
