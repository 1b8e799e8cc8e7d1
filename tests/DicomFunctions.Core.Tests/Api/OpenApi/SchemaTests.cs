using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Overview;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing.OpenApi;
using Xunit;

namespace DicomFunctions.Core.Tests.Api.OpenApi;

/// <summary>That the document's schemas are those of the types that are answered.</summary>
public sealed class SchemaTests
{
    private static readonly ApiDocument Document = ApiDocument.Load();

    [Theory]
    [InlineData("JobKind", typeof(JobKind))]
    [InlineData("JobState", typeof(JobStatus))]
    public void Enums_have_the_names_of_the_JSON(string schema, Type type)
        => Assert.Equal(
            Enum.GetNames(type).Select(name => type.GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name),
            Names(Document.Schema(schema)["enum"]));

    [Theory]
    [InlineData("AcceptedJob", typeof(AcceptedJob))]
    [InlineData("JobList", typeof(JobList))]
    [InlineData("Job", typeof(JobView))]
    [InlineData("Progress", typeof(JobProgress), "job_id")]
    [InlineData("Summary", typeof(JobSummary))]
    [InlineData("Health", typeof(HealthReport))]
    [InlineData("Overview", typeof(OverviewReport))]
    public void Properties_are_those_of_the_type_and_required_unless_they_may_be_left_out(
        string schema, Type type, params string[] internals)
    {
        var properties = ApiJson.Default.GetTypeInfo(type)!.Properties.Where(property => !internals.Contains(property.Name)).ToList();

        Assert.Equal(
            properties.Select(property => property.Name),
            Document.Schema(schema)["properties"]!.AsObject().Select(property => property.Key));
        var nullability = new NullabilityInfoContext();
        var always = properties.Where(property =>
            property.AttributeProvider is PropertyInfo info
            && nullability.Create(info).ReadState != NullabilityState.Nullable && !info.IsDefined(typeof(JsonIgnoreAttribute)));
        Assert.Equal(always.Select(property => property.Name), Names(Document.Schema(schema)["required"]));
    }

    [Fact]
    public void A_job_with_all_there_is_to_tell_is_of_its_schema()
    {
        var now = DateTimeOffset.UnixEpoch;
        var id = JobId.Create(now);
        var job = new JobView
        {
            Id = id,
            Kind = JobKind.Upload,
            State = JobStatus.Interrupted,
            CreatedAt = now,
            BufferSize = 1,
            MaxWorkers = 1,
            Progress = new JobProgress(),
            Rate = 0.5,
            Failure = "Gone.",
            RetryOf = id,
            SubmittedBy = "ward",
            Labels = ["trial-7"],
            RecordsAt = now,
            PartRecords = [[2, 1, 1000]],
            IsOwned = true,
            Destination = "projects/p/locations/l/datasets/d/dicomStores/s",
            BaseUrl = new Uri("https://healthcare.googleapis.com/v1"),
            ServiceRoot = new Uri("http://pacs.example.org/dicom-web"),
            Summary = new JobSummary
            {
                Id = id,
                Kind = JobKind.Upload,
                State = JobStatus.Cancelled,
                Inputs = 3,
                Succeeded = 1,
                Failed = 1,
                NotAttempted = 1,
                NotAttemptedInputs = [[2, 1]],
                Statuses = new Dictionary<string, long> { ["200"] = 1, ["error"] = 1 },
                Attempts = 1,
                Bytes = 1,
                Failures = [new FailureCount(FailureCode.NotFound, 1, 1)],
                Parts = 1,
                PartRecords = [[2, 1, 1000]],
                SubmittedBy = "ward",
                Labels = ["trial-7"],
                CreatedAt = now,
                StartedAt = now,
                FinishedAt = now,
                Rate = 0,
            },
        };
        var json = JsonSerializer.SerializeToNode(job, ApiJson.Default.JobView)!.AsObject();

        Assert.Equal(Document.Schema("Job")["properties"]!.AsObject().Count, json.Count);
        Assert.Empty(Document.Validator.Problems(json, Document.Schema("Job")));
    }

    [Fact]
    public void Ids_are_like_the_pattern()
    {
        var random = new Random(1);
        Assert.All(
            Enumerable.Range(0, 500).Select(i => JobId.Create(DateTimeOffset.UnixEpoch.AddDays(i).AddMilliseconds(i * 7), random)),
            id => Assert.Empty(Document.Validator.Problems(JsonValue.Create(id), Document.Schema("JobId"))));
        Assert.All("lo".Select(letter => $"20261122-081653-k3f9x{letter}"), id =>
        {
            Assert.False(JobId.IsValid(id));
            Assert.NotEmpty(Document.Validator.Problems(JsonValue.Create(id), Document.Schema("JobId")));
        });
    }

    [Fact]
    public void Error_codes_are_the_closed_list_of_failures()
        => Assert.Equal(
            typeof(FailureCode).GetFields().Select(field => (string)field.GetRawConstantValue()!),
            Names(Document.Schema("FailureCode")["enum"]));

    [Fact]
    public void Defaults_are_the_options()
        => Assert.Equal(
            (new JobOptions().BufferSize, new JobOptions().MaxWorkers),
            ((int)Document.Schema("BufferSize")["default"]!, (int)Document.Schema("MaxWorkers")["default"]!));

    private static IEnumerable<string> Names(JsonNode? array) => array!.AsArray().Select(name => (string)name!);
}
