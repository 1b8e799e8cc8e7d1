using Parquet;
using Parquet.Schema;

namespace DicomFunctions.Core.Tables;

/// <summary>A column of text.</summary>
internal sealed class ParquetTexts(DataField target) : ParquetColumn(target)
{
    private readonly List<string?> _values = [];

    public override void Add(string? text) => _values.Add(text);

    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
    {
        await group.WriteAsync(Field, _values).ConfigureAwait(false);
        _values.Clear();
    }
}
