using Parquet;
using Parquet.Schema;

namespace DicomFunctions.Core.Tables;

/// <summary>A column of text.</summary>
internal sealed class ParquetTexts(DataField target) : ParquetColumn(target)
{
    /// <summary>The bytes of a string besides its characters.</summary>
    private const int Overhead = 24;

    private readonly List<string?> _values = [];

    public override int Add(string? text)
    {
        // Neighbouring rows are often of the same study: one string serves them all.
        var isNew = text is not null && (_values.Count == 0 || _values[^1] != text);
        _values.Add(isNew || text is null ? text : _values[^1]);
        return isNew ? Overhead + (sizeof(char) * text!.Length) : 0;
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
    {
        await group.WriteAsync(Field, _values).ConfigureAwait(false);
        _values.Clear();
    }
}
