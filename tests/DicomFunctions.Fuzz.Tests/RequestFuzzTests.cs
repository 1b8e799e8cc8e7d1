using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Records;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>
/// Single inputs and options, well formed and of whatever content: <see cref="SearchRequestReader"/>, <see cref="DestinationReader"/>,
/// <see cref="UploadInput"/> and <see cref="JobOptionsReader"/>.
/// </summary>
public sealed class RequestFuzzTests
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    [Fact]
    public void Every_valid_search_is_understood() => Fuzzing.Check(Requests.Valid.ToArbitrary(), valid =>
    {
        Assert.True(SearchRequestReader.TryRead(Encoding.UTF8.GetBytes(valid.Json), out var request, out var problem), problem);
        Assert.Equal(valid.Request.Parameters, request.Parameters);
        Assert.Equal(valid.Request, request with { Parameters = valid.Request.Parameters });
    });

    [Fact]
    public void Any_JSON_is_a_request_or_has_a_problem() => Fuzzing.Check(Input.Of(Requests.Any), IsReadOrHasAProblem, runs: 2000);

    [Fact]
    public void Damaged_JSON_is_a_request_or_has_a_problem() =>
        Fuzzing.Check(Input.Of(Damage.Of(Requests.Any.Select(Encoding.UTF8.GetBytes))), IsReadOrHasAProblem, runs: 2000);

    [Fact]
    public void Any_options_are_read_or_refused_by_name() => Fuzzing.Check(
        (from kind in Gen.Elements(JobKind.Search, JobKind.Upload, JobKind.Notifications)
         from options in Pairs(Gen.OneOf(JsonTexts.Value, Gen.Elements("8", "0", "\"bytes\"", $"\"{Store}\"")))
         from query in Pairs(Gen.OneOf(JsonTexts.Characters, Gen.Elements("8", "0", "p", Store)))
         select (kind, options, query)).ToArbitrary(),
        request =>
        {
            try
            {
                var query = new QueryCollection(
                    request.query.ToDictionary(pair => pair.Key, pair => new Microsoft.Extensions.Primitives.StringValues(pair.Value)));
                var submission = JobOptionsReader.Read(
                    request.kind, request.options.ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Value)), query);
                Assert.False(submission.BufferSize is < 1 or > 10_000 || submission.MaxWorkers is < 1 or > 1_000);
                Assert.Equal(request.kind == JobKind.Upload, submission.Destination is not null);
            }
            catch (BadRequestException exception)
            {
                Assert.NotEmpty(exception.Message);
                Assert.NotNull(exception.Key);
            }
        },
        runs: 2000);

    [Theory]
    [Corpus("request")]
    public void What_was_found_stays_found(string file) =>
        Fuzzing.Replay(new Input(CorpusAttribute.Read("request", file), 1), IsReadOrHasAProblem);

    private static void IsReadOrHasAProblem(Input input)
    {
        if (!IsJson(input.Bytes))
            return;
        var most = 20_000 + (20L * input.Bytes.Length);
        Memory.AtMost(most, () => SearchRequestReader.TryRead(input.Bytes, out _, out _));
        Memory.AtMost(most, () => DestinationReader.TryRead(input.Bytes, out _, out _));
        var upload = Memory.AtMost(most, () => UploadInput.Parse(input.Bytes));

        Assert.NotEqual(SearchRequestReader.TryRead(input.Bytes, out var request, out var problem), problem is { Length: > 0 });
        Assert.True(
            request is null
                || (request.Offset >= 0 && request.Limit is null or >= 0 && request.Parameters.All(parameter => parameter.Key.Length > 0)));
        Assert.NotEqual(DestinationReader.TryRead(input.Bytes, out _, out problem), problem is { Length: > 0 });

        // Written and read again it is the same, as it is when a job is retried.
        var line = new ArrayBufferWriter<byte>();
        upload.WriteTo(line);
        Assert.Equal(upload, UploadInput.Parse(line.WrittenSpan));
    }

    /// <summary>What the readers promise to take: one JSON value, in UTF-8.</summary>
    private static bool IsJson(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return Utf8.IsValid(bytes);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Some of the keys there are, and one that there is not.</summary>
    private static Gen<Dictionary<string, string>> Pairs(Gen<string> value) =>
        from names in Gen.SubListOf(
            "buffer_size", "max_workers", "destination", "input_type", "project_id", "region", "dataset_id", "dicom_store_id", "wait", "x")
        from values in value.ArrayOf(10)
        from most in Gen.Choose(1, 10)
        select names.Zip(values).Take(most).ToDictionary(pair => pair.First, pair => pair.Second);
}
