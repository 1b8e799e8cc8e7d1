using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Inputs;

/// <summary>
/// Reads sources to upload: JSON; lines of text, or texts separated by NUL; or CSV of one column, whose header is one of
/// <see cref="Headers"/>.
/// </summary>
internal static class SourceList
{
    /// <summary>The first lines that make a list CSV.</summary>
    public static readonly string[] Headers = ["source", "path", "file", "filename", "input"];

    /// <param name="name">A file, or <c>-</c> for standard input.</param>
    /// <param name="isNulSeparated">Whether the sources are separated by NUL.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<UploadInput> ReadAsync(
        string name, bool isNulSeparated, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = InputSource.Open(name);
        await using (stream.ConfigureAwait(false))
        {
            var any = false;
            await foreach (var source in ReadAsync(PipeReader.Create(stream), isNulSeparated, cancellationToken).ConfigureAwait(false))
            {
                any = true;
                yield return source;
            }

            if (!any)
                throw new CommandFailedException($"--input: there is no source in '{name}'.");
        }
    }

    private static async IAsyncEnumerable<UploadInput> ReadAsync(
        PipeReader content, bool isNulSeparated, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = isNulSeparated ? null : await InputSource.PeekAsync(content, cancellationToken).ConfigureAwait(false);
        if (first is (byte)'[' or (byte)'{' or (byte)'"')
        {
            await foreach (var json in InputSource.ReadJsonAsync(content, "inputs", cancellationToken).ConfigureAwait(false))
                yield return UploadInput.Parse(json.Span);
            yield break;
        }

        var isFirst = true;
        var isCsv = false;
        await foreach (var line in TextLines.ReadAsync(content, isNulSeparated, cancellationToken).ConfigureAwait(false))
        {
            if (isFirst && !isNulSeparated)
            {
                (isFirst, isCsv) = (false, Headers.Contains(line.Trim(), StringComparer.OrdinalIgnoreCase));
                if (isCsv)
                    continue;
            }

            yield return new UploadInput(isCsv ? Field(line) : line);
        }
    }

    /// <summary>The only field of a row. A quoted one may hold commas, and doubled quotes; no path has a line break.</summary>
    private static string Field(string row) =>
        row is ['"', .., '"'] && row.Length > 1 ? row[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
        : !row.Contains(',', StringComparison.Ordinal) ? row
        : throw new InputFormatException($"A list of sources has one column: quote the field with a comma, \"{row}\".");
}
