using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Json;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Inputs;

/// <summary>
/// Reads requests of searches and retrievals: JSON; CSV with a header, whose columns are keys of the request dict or of its
/// <c>params</c>; or lines with paths. What a request lacks, the command's options add.
/// </summary>
/// <param name="store">The store of requests that name none; null if there is no such option.</param>
/// <param name="typeKey">The key of what is asked for, <c>search_type</c> or <c>retrieve_type</c>.</param>
/// <param name="type">Its value in requests that have none; null to leave it out.</param>
internal sealed class RequestList(DicomStorePath? store, string typeKey, string? type)
{
    private const string Params = "params";

    private static readonly string[] StoreKeys = ["project_id", "region", "dataset_id", "dicom_store_id"];

    /// <param name="name">A file, or <c>-</c> for standard input.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = InputSource.Open(name);
        await using (stream.ConfigureAwait(false))
        {
            var content = PipeReader.Create(stream);
            var first = await InputSource.PeekAsync(content, cancellationToken).ConfigureAwait(false);
            var requests = first switch
            {
                null => throw new CommandFailedException($"--input: there is no request in '{name}'."),
                (byte)'{' or (byte)'[' => FromJsonAsync(content, cancellationToken),
                (byte)'"' when typeKey == "retrieve_type" => FromJsonAsync(content, cancellationToken),
                _ => FromTextAsync(content, cancellationToken),
            };
            await foreach (var request in requests.ConfigureAwait(false))
                yield return request;
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> FromJsonAsync(
        PipeReader content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var json in InputSource.ReadJsonAsync(content, "requests", cancellationToken).ConfigureAwait(false))
            yield return Complete(json);
    }

    /// <summary>CSV or, if the first line is a path, lines with paths.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> FromTextAsync(
        PipeReader content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[]? header = null;
        await foreach (var row in CsvRows.ReadAsync(content, cancellationToken).ConfigureAwait(false))
        {
            if (row is [var path] && path.StartsWith("projects/", StringComparison.Ordinal))
                yield return Json(json => json.WriteStringValue(path));
            else if (header is null)
                header = CheckHeader(row);
            else
                yield return Json(json => WriteRow(json, header, row));
        }
    }

    private static string[] CheckHeader(string[] header)
    {
        if (header.Any(string.IsNullOrWhiteSpace))
            throw new CommandFailedException("--input: a column of the CSV has no name. Its first line names the columns.");
        return [.. header.Select(name => name.Trim())];
    }

    private void WriteRow(Utf8JsonWriter json, string[] header, string[] row)
    {
        var cells = header.Zip(row).Where(cell => cell.Second.Length > 0).ToList();
        json.WriteStartObject();
        WriteMissing(json, [.. cells.Select(cell => cell.First)]);
        foreach (var (name, value) in cells.Where(cell => IsOfDict(cell.First)))
            json.WriteString(name, value);
        json.WriteStartObject(Params);
        foreach (var values in cells.Where(cell => !IsOfDict(cell.First)).GroupBy(cell => cell.First, cell => cell.Second))
        {
            if (values.Count() == 1)
            {
                json.WriteString(values.Key, values.First());
                continue;
            }

            json.WriteStartArray(values.Key);
            foreach (var value in values)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private bool IsOfDict(string name) => name == typeKey || StoreKeys.Contains(name);

    /// <summary>Adds to a dict what it lacks. Anything else stays as it is, and its record says what is wrong with it.</summary>
    private ReadOnlyMemory<byte> Complete(ReadOnlyMemory<byte> request)
    {
        var keys = KeysOf(request.Span);
        if (keys is null)
            return request;
        var added = Json(json =>
        {
            json.WriteStartObject();
            WriteMissing(json, keys);
            json.WriteEndObject();
        });
        if (added.Length == 2)
            return request;
        var rest = request[(request.Span.IndexOf((byte)'{') + 1)..];
        var output = new ArrayBufferWriter<byte>(added.Length + rest.Length + 1);
        output.Write(added.Span[..^1]);
        if (keys.Count > 0)
            output.Raw(","u8);
        output.Write(rest.Span);
        return output.WrittenMemory;
    }

    private void WriteMissing(Utf8JsonWriter json, HashSet<string> keys)
    {
        // A request for a part of the path of another store would be for neither.
        if (store is { } named && !StoreKeys.Any(keys.Contains))
        {
            json.WriteString(StoreKeys[0], named.ProjectId);
            json.WriteString(StoreKeys[1], named.Region);
            json.WriteString(StoreKeys[2], named.DatasetId);
            json.WriteString(StoreKeys[3], named.DicomStoreId);
        }

        if (type is not null && !keys.Contains(typeKey))
            json.WriteString(typeKey, type);
    }

    /// <summary>The keys of an object; null if it is none.</summary>
    private static HashSet<string>? KeysOf(ReadOnlySpan<byte> request)
    {
        var reader = new Utf8JsonReader(request);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        HashSet<string> keys = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            keys.Add(reader.GetTextOrNull() ?? "");
            reader.Skip();
        }

        return keys;
    }

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
            write(json);
        return output.WrittenMemory;
    }
}
