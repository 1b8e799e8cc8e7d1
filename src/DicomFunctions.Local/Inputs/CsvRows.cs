using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using CsvHelper;
using DicomFunctions.Core.Jobs.Inputs;

namespace DicomFunctions.Local.Inputs;

/// <summary>CSV, separated by commas, semicolons, tabs or bars, whichever its first lines have.</summary>
internal static class CsvRows
{
    private static readonly CsvReaderOptions Options = CsvReaderOptions.Default with
    {
        HasHeader = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = InputSource.MaxValueBytes,
        IncludeValuesInExceptions = false,
    };

    /// <summary>Reads the rows, the header among them, if there is one.</summary>
    /// <exception cref="InputFormatException">A row has more or fewer fields than the first, or is not CSV.</exception>
    public static async IAsyncEnumerable<string[]> ReadAsync(
        PipeReader content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var csv = CsvReader.Create(content.AsStream(), Options, leaveOpen: true);
        await using (csv.ConfigureAwait(false))
        {
            var fields = 0;
            while (await NextAsync(csv, cancellationToken).ConfigureAwait(false))
            {
                fields = fields == 0 ? csv.FieldCount : fields;
                if (csv.FieldCount != fields)
                    throw new InputFormatException($"Line {csv.LineNumber} has {csv.FieldCount} fields, but the first has {fields}.");
                yield return [.. Enumerable.Range(0, fields).Select(csv.GetString)];
            }
        }
    }

    private static async ValueTask<bool> NextAsync(CsvReader csv, CancellationToken cancellationToken)
    {
        try
        {
            return await csv.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CsvFormatException exception)
        {
            throw new InputFormatException($"The CSV is not valid: {exception.Message}");
        }
    }
}
