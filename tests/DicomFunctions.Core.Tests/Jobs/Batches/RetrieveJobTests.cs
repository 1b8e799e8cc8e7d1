using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Records;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

public sealed class RetrieveJobTests : IAsyncLifetime
{
    private const string Study = "1.2.3";
    private const string Path = "projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/" + Study;

    private readonly FakeArchive _archive = new();
    private readonly TestClock _time = new();
    private CoreHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync(_time, services => services.AddSingleton<IDicomStoreClient>(_archive));
        for (var i = 0; i < 3; i++)
            _archive.Add(Study, $"1.2.3.{i / 2}", $"1.2.3.0.{i}", FileOf(i));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("5", "A retrieve request must be a dict (a JSON object) or a path (projects/…/dicomWeb/studies/…).")]
    [InlineData("{}", "Must have project_id in the dict.")]
    [InlineData("\"projects/p/locations/l/datasets/d/dicomStores/s\"", "The path must have the form ")]
    [InlineData("\"" + Path + "/\"", "The path must have the form ")]
    [InlineData("\"" + Path + "/series/x\"", "An id in the path is not a UID")]
    [InlineData("\"projects/../locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1\"", "The project must be")]
    [InlineData("dict:", "Must have retrieve_type in the dict.")]
    [InlineData("dict:\"retrieve_type\":\"pixels\"", "Retrieve type can only be \"metadata\" or \"instances\"")]
    [InlineData("dict:\"retrieve_type\":\"metadata\"", "Must have StudyInstanceUID in the params.")]
    [InlineData("dict:\"retrieve_type\":\"metadata\",\"params\":5", "params must be a dict (a JSON object).")]
    [InlineData("dict:\"retrieve_type\":\"metadata\",\"params\":{\"StudyInstanceUID\":\"../1\"}", "params.StudyInstanceUID is not a UID")]
    [InlineData("dict:\"retrieve_type\":\"metadata\",\"params\":{\"StudyDate\":\"1\"}", "params.StudyDate is unknown")]
    [InlineData(
        "dict:\"retrieve_type\":\"metadata\",\"params\":{\"StudyInstanceUID\":\"1\",\"SOPInstanceUID\":\"2\"}",
        "Must have SeriesInstanceUID in the params")]
    public async Task An_invalid_request_is_a_failed_record_that_names_the_key(string input, string status)
    {
        if (input.StartsWith("dict:", StringComparison.Ordinal))
        {
            var rest = input[5..];
            input = "{\"project_id\":\"p\",\"region\":\"l\",\"dataset_id\":\"d\",\"dicom_store_id\":\"s\""
                + (rest.Length > 0 ? "," + rest : "") + "}";
        }

        var record = Assert.Single(await RetrieveAsync(RetrieveType.Metadata, input));
        Assert.False((bool)record["success"]!);
        Assert.StartsWith(status, (string)record["status"]!, StringComparison.Ordinal);
        Assert.Equal(input, record["input"]!.ToJsonString());
    }

    [Fact]
    public async Task Metadata_is_in_the_record_as_the_server_sent_it()
    {
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Metadata, $"\"{Path}\""));
        Assert.True((bool)record["success"]!);
        Assert.Equal(
            ["1.2.3.0.0", "1.2.3.0.1", "1.2.3.0.2"], record["result"]!.AsArray().Select(row => (string)row!["00080018"]!["Value"]![0]!));
        Assert.Null(record["verified"]);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("/series/1.2.3.0", 2)]
    [InlineData("/series/1.2.3.1/instances/1.2.3.0.2", 1)]
    public async Task Instances_are_files_of_the_job(string below, int count)
    {
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}{below}\""));
        Assert.True((bool)record["success"]!);
        Assert.Null(record["verified"]);
        var files = record["result"]!.AsArray();
        Assert.Equal(count, files.Count);
        foreach (var file in files)
        {
            var bytes = await ReadAsync((string)file!["name"]!);
            Assert.Equal(bytes.Length, (int)file["bytes"]!);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), (string)file["sha256"]!);
            Assert.Equal(TransferSyntaxes.ExplicitLittleEndian, (string)file["transfer_syntax"]!);
            Assert.EndsWith(
                $"/{file["study_instance_uid"]}/{file["series_instance_uid"]}/{file["sop_instance_uid"]}.dcm",
                (string)file["name"]!,
                StringComparison.Ordinal);
        }

    }

    [Fact]
    public async Task A_server_that_cannot_search_is_believed_but_not_verified()
    {
        _archive.CanSearch = false;
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\""));
        Assert.True((bool)record["success"]!);
        Assert.False((bool)record["verified"]!);
        Assert.Equal(3, record["result"]!.AsArray().Count);
    }

    [Fact]
    public async Task Instances_that_the_server_leaves_out_are_asked_for_alone()
    {
        _archive.Script = (number, files) => number == 1 ? files[..1] : files;
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\""));
        Assert.True((bool)record["success"]!);
        Assert.Equal(3, record["result"]!.AsArray().Count);
        Assert.Equal([null, "1.2.3.0.1", "1.2.3.0.2"], _archive.Requests.Select(request => request.SopInstanceUid));
    }

    [Fact]
    public async Task A_series_that_the_server_leaves_out_is_asked_for_as_a_whole()
    {
        _archive.Add(Study, "1.2.3.2", "1.2.3.2.1", Some.DicomFile(Study, "1.2.3.2", "1.2.3.2.1"));
        _archive.Add(Study, "1.2.3.2", "1.2.3.2.2", Some.DicomFile(Study, "1.2.3.2", "1.2.3.2.2"));
        _archive.Script = (number, files) => number == 1 ? files[..1] : files;
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\""));
        Assert.True((bool)record["success"]!);
        Assert.Equal(
            [(null, null), ("1.2.3.2", null), ("1.2.3.0", "1.2.3.0.1"), ("1.2.3.1", "1.2.3.0.2")],
            _archive.Requests.Select(request => (request.SeriesUid, request.SopInstanceUid)));
    }

    [Fact]
    public async Task A_whole_answer_is_asked_for_again_only_if_no_search_says_what_is_missing()
    {
        await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\"");
        _archive.CanSearch = false;
        await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\"");
        Assert.Equal([false, true], _archive.Requests.Select(request => request.StartsOver));
    }

    [Fact]
    public async Task A_long_answer_is_read_to_its_end_if_no_search_says_what_would_be_missing()
    {
        _archive.CanSearch = false;
        _archive.OnInstance = () => _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(3, Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\""))["result"]!.AsArray().Count);
        Assert.Single(_archive.Requests);
    }

    [Fact]
    public async Task Instances_that_never_come_are_a_failure_with_those_that_did()
    {
        _archive.Script = (number, files) => number == 1 ? files[..2] : [];
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\""));
        Assert.False((bool)record["success"]!);
        Assert.True((bool)record["partial"]!);
        Assert.Equal(404, (int)record["status"]!);
        Assert.Equal(2, record["result"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_costs_the_instance_under_way_alone()
    {
        _archive.BreaksAt = number => number == 1 ? 1 : null;
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\""));
        Assert.True((bool)record["success"]!);
        Assert.Equal(3, record["result"]!.AsArray().Count);
        Assert.Equal([null, "1.2.3.0.1", "1.2.3.0.2"], _archive.Requests.Select(request => request.SopInstanceUid));
        Assert.Equal(3, (await _host.ListAsync("retrieved/")).Count);
    }

    [Fact]
    public async Task A_repeated_instance_is_one_file_in_any_order()
    {
        _archive.Script = (_, files) => [.. Enumerable.Reverse(files), files[0], files[1]];
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\""));
        Assert.True((bool)record["success"]!);
        Assert.Equal(
            ["1.2.3.0.2", "1.2.3.0.1", "1.2.3.0.0"], record["result"]!.AsArray().Select(file => (string)file!["sop_instance_uid"]!));
    }

    [Theory]
    [InlineData("another study", "The server sent an instance that was not asked for.")]
    [InlineData("no DICOM", "The server sent a file that is not DICOM: ")]
    [InlineData("no UIDs", "The server sent a file that lacks a study, series or SOP instance UID.")]
    public async Task What_was_not_asked_for_is_not_kept(string what, string status)
    {
        var other = what switch
        {
            "another study" => Some.DicomFile("9.9", "9.9.1", "9.9.1.1"),
            "no DICOM" => Encoding.UTF8.GetBytes("<html>"),
            _ => Some.DicomFile(study: null, series: null),
        };
        _archive.Script = (_, files) => [.. files, other];
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\""));
        Assert.False((bool)record["success"]!);
        Assert.StartsWith(status, (string)record["status"]!, StringComparison.Ordinal);
        Assert.Equal(3, (await _host.ListAsync("retrieved/")).Count);
    }

    [Fact]
    public async Task A_name_that_is_taken_by_other_bytes_is_a_failure_and_stays_as_it_is()
    {
        _archive.Script = (number, files) => number == 1 ? [files[0]] : [FileOf(1, pixel: 9)];
        string? taken = null;
        _archive.OnInstance = () =>
        {
            var job = _host.Jobs.ListAsync(null, CancellationToken.None).FirstAsync().AsTask().GetAwaiter().GetResult().Id;
            taken ??= $"retrieved/{job}/{Study}/1.2.3.0/1.2.3.0.1.dcm";
            _host.PutAsync(taken, FileOf(1)).GetAwaiter().GetResult();
        };
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\""));
        Assert.False((bool)record["success"]!);
        Assert.Contains("is taken by a file with other bytes", (string)record["status"]!, StringComparison.Ordinal);
        Assert.Equal(FileOf(1), await ReadAsync(taken!));
    }

    [Fact]
    public async Task A_long_input_goes_on_in_another_run_where_it_was()
    {
        _archive.OnInstance = () => _time.Advance(TimeSpan.FromSeconds(6));
        var record = Assert.Single(await RetrieveAsync(RetrieveType.Instances, $"\"{Path}\""));
        Assert.True((bool)record["success"]!);
        Assert.Equal(
            ["1.2.3.0.0", "1.2.3.0.1", "1.2.3.0.2"], record["result"]!.AsArray().Select(file => (string)file!["sop_instance_uid"]!));
        Assert.Equal([null, "1.2.3.0.1", "1.2.3.0.2"], _archive.Requests.Select(request => request.SopInstanceUid));
        // The last run finds that nothing is left.
        Assert.Equal(4, _host.Engine.Executions.Count(activity => activity == "RunBatches"));
    }

    [Fact]
    public async Task Files_stay_when_their_job_is_deleted()
    {
        var id = await RunAsync(RetrieveType.Instances, $"\"{Path}\"");
        Assert.Equal(JobActionResult.Done, await _host.Jobs.DeleteAsync(id, withFiles: false, CancellationToken.None));
        Assert.Empty(await _host.ListAsync("jobs/"));
        Assert.Equal(3, (await _host.ListAsync("retrieved/")).Count);
    }

    [Fact]
    public async Task The_transfer_syntax_is_that_of_the_job()
    {
        await _host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Retrieve, RetrieveType = RetrieveType.Instances, TransferSyntax = "1.2.840.10008.1.2.1" },
            $"\"{Path}\"");
        Assert.Equal("1.2.840.10008.1.2.1", Assert.Single(_archive.Requests).TransferSyntax);
    }

    private static byte[] FileOf(int i, byte pixel = 0x40) =>
        Some.DicomFile(Study, $"1.2.3.{i / 2}", $"1.2.3.0.{i}", pixelBytes: 1000 + i, pixel: pixel);

    private async Task<List<JsonNode>> RetrieveAsync(RetrieveType type, params string[] inputs) =>
        await _host.RecordsAsync(await RunAsync(type, inputs));

    private Task<string> RunAsync(RetrieveType type, params string[] inputs) =>
        _host.RunJobAsync(new JobSubmission { Kind = JobKind.Retrieve, RetrieveType = type }, inputs);

    private async Task<byte[]> ReadAsync(string name)
    {
        await using var content = await _host.Objects.OpenReadAsync(name, ObjectRange.All, ifMatch: null, CancellationToken.None);
        using var bytes = new MemoryStream();
        await content!.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
