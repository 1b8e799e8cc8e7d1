using System.Globalization;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Records;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>
/// Reads a job's options: from the JSON object that holds the inputs, or from the query. An unknown key is refused, and the message
/// names it.
/// </summary>
internal static class JobOptionsReader
{
    private const int MaxBufferSize = 10_000;
    private const int MaxWorkers = 1_000;

    private static readonly string[] StoreKeys = ["project_id", "region", "dataset_id", "dicom_store_id"];

    public static JobSubmission Read(JobKind kind, IReadOnlyDictionary<string, byte[]> options, IQueryCollection query)
    {
        var submission = new JobSubmission { Kind = kind };
        var (isUpload, isRetrieve) = (kind == JobKind.Upload, kind == JobKind.Retrieve);
        foreach (var (key, values) in query)
        {
            submission = key switch
            {
                "buffer_size" => submission with { BufferSize = Number(key, values, MaxBufferSize) },
                "max_workers" => submission with { MaxWorkers = Number(key, values, MaxWorkers) },
                "destination" when isUpload => submission with { Destination = Store(values!) },
                "retrieve_type" when isRetrieve => submission with { RetrieveType = Type(values) },
                "transfer_syntax" when isRetrieve => submission with { TransferSyntax = TransferSyntax(values) },
                "label" => submission with { Labels = Labels(values!) },
                "wait" or RequestQuery.Key => submission,
                _ when isUpload && StoreKeys.Contains(key) => submission,
                _ => throw RequestQuery.Unknown(key),
            };
        }

        if (isUpload && StoreKeys.Any(query.ContainsKey))
            submission = submission with { Destination = Destination(QueryDict(query)) };
        foreach (var (key, json) in options)
        {
            submission = key switch
            {
                "buffer_size" => submission with { BufferSize = Number(key, json, MaxBufferSize) },
                "max_workers" => submission with { MaxWorkers = Number(key, json, MaxWorkers) },
                "labels" => submission with { Labels = Labels(Texts(json)) },
                "destination" when isUpload => submission with { Destination = Destination(json) },
                "input_type" when isUpload => submission with { IsBase64 = IsBytes(json) },
                "retrieve_type" when isRetrieve => submission with { RetrieveType = Type(Text(json)) },
                "transfer_syntax" when isRetrieve => submission with { TransferSyntax = TransferSyntax(Text(json)) },
                _ => throw new BadRequestException($"Unknown option '{Cut(key)}'.", Cut(key)),
            };
        }

        if (isUpload && submission.Destination is null)
            throw new BadRequestException("Must have destination in the dict.", "destination");
        return submission;
    }

    private static int Number(string key, string? text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
            ? number
            : throw new BadRequestException($"{key} must be a whole number from 1 to {max}.", key);

    private static int Number(string key, byte[] json, int max)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && number >= 1 && number <= max
            ? number
            : throw new BadRequestException($"{key} must be a whole number from 1 to {max}.", key);
    }

    private static string Store(string path) =>
        DicomStorePath.TryParse(path, out var store, out var problem)
            ? store.ToString()
            : throw new BadRequestException(problem, "destination");

    private static string Destination(byte[] json) =>
        DestinationReader.TryRead(json, out var store, out var problem)
            ? store.ToString()
            : throw new BadRequestException(problem, "destination");

    private static bool IsBytes(byte[] json) => Text(json) switch
    {
        "bytes" => true,
        "fileio" => false,
        _ => throw new BadRequestException("input_type could only be 'bytes' or 'fileio'", "input_type"),
    };

    private static RetrieveType Type(string? text) => text switch
    {
        "metadata" => RetrieveType.Metadata,
        "instances" => RetrieveType.Instances,
        _ => throw new BadRequestException("Retrieve type can only be \"metadata\" or \"instances\"", "retrieve_type"),
    };

    private static string[] Labels(IEnumerable<string> labels)
    {
        string[] distinct = [.. labels.Distinct(StringComparer.Ordinal)];
        return JobLabels.ProblemOf(distinct) is { } problem ? throw new BadRequestException(problem, "labels") : distinct;
    }

    private static List<string> Texts(byte[] json)
    {
        List<string> texts = [];
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            throw new BadRequestException("labels must be an array of strings.", "labels");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.TokenType == JsonTokenType.String && reader.GetTextOrNull() is { } text
                ? text
                : throw new BadRequestException("labels must be an array of strings.", "labels"));
        }

        return texts;
    }

    private static string TransferSyntax(string? text) => text == RetrieveRequest.AsStored || DicomUid.IsValid(text)
        ? text!
        : throw new BadRequestException("transfer_syntax must be a UID, or * to get instances as they are stored.", "transfer_syntax");

    private static string? Text(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetTextOrNull() : null;
    }

    private static byte[] QueryDict(IQueryCollection query) => JsonSerializer.SerializeToUtf8Bytes(
        StoreKeys.Where(query.ContainsKey).ToDictionary(key => key, key => query[key].ToString()), ApiJson.Default.DictionaryStringString);

    private static string Cut(string key) => key.Length <= 64 ? key : string.Concat(key.AsSpan(0, 64), "…");
}
