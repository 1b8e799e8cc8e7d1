using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Records;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Integration.Network;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Vectors;

/// <summary>
/// Retrievals by way of whole jobs, as <c>retrieve.json</c> has them: the input, what the job says, how the emulated server answers, and
/// the record. The store has a study 1.1 of two series, with three instances and one, and another study.
/// </summary>
public sealed class RetrieveVectorTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private static readonly (string Study, string Series, string Instance)[] Instances =
    [
        ("1.1", "1.1.1", "1.2.0"),
        ("1.1", "1.1.1", "1.2.1"),
        ("1.1", "1.1.1", "1.2.2"),
        ("1.1", "1.1.2", "1.2.3"),
        ("2.1", "2.1.1", "2.2.0"),
    ];

    private static readonly JsonArray Vectors = Load();

    public static TheoryData<string> Names => new(Vectors.Select(vector => (string)vector!["name"]!));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Records_are_those_of_the_vectors(string name)
    {
        var vector = Vectors.Single(vector => (string)vector!["name"]! == name)!;
        await using var store = await ToxicStore.StartAsync(Toxic.None);
        await using var host = new PeerHost(
            store.BaseUrl, ("DicomWeb:MaxAttempts", "3"), ("DicomWeb:RetryDelay", "00:00:00.001"));
        var files = Instances.Select(
            instance => (instance.Instance + ".dcm", Some.DicomFile(instance.Study, instance.Series, instance.Instance)));
        Assert.All(await host.UploadAsync(files), record => Assert.True(record.IsSuccess()));
        if (vector["server"] is { } server)
            store.SetFaults(server.Deserialize<FaultOptions>(Json)!);

        var submission = new JobSubmission
        {
            Kind = JobKind.Retrieve,
            RetrieveType = (string?)vector["job"]?["retrieve_type"] == "instances" ? RetrieveType.Instances : RetrieveType.Metadata,
            TransferSyntax = (string?)vector["job"]?["transfer_syntax"],
        };
        var input = vector["input"]!.ToJsonString();
        var record = JsonNode.Parse(Assert.Single(await host.RunAsync(submission, [input])).GetRawText())!;

        var result = record["result"]!.AsArray();
        var actual = new JsonObject
        {
            ["success"] = record["success"]!.DeepClone(),
            ["status"] = record["status"]!.DeepClone(),
            ["result"] = result.Count,
        };
        if (result.Count(row => row!["sha256"] is not null) is > 0 and var retrieved)
            actual["files"] = retrieved;
        foreach (var key in (string[])["partial", "verified"])
        {
            if (record[key] is { } value)
                actual[key] = value.DeepClone();
        }

        if (record["error"]?["message"] is not null)
            actual["error"] = true;
        Assert.True(
            JsonNode.DeepEquals(vector["expect"], actual),
            $"expected {vector["expect"]!.ToJsonString()}\nbut was  {record.ToJsonString()}");
        Assert.Equal(input, record["input"]!.ToJsonString());
    }

    private static JsonArray Load()
    {
        var assembly = typeof(RetrieveVectorTests).Assembly;
        using var stream = assembly.GetManifestResourceStream(typeof(RetrieveVectorTests), "retrieve.json")!;
        return JsonNode.Parse(stream)!.AsArray();
    }
}
