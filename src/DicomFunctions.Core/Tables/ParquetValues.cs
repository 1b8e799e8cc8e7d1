using Parquet;
using Parquet.Schema;

namespace DicomFunctions.Core.Tables;

/// <summary>A column of values of one size.</summary>
internal sealed class ParquetValues<T>(DataField target, Func<string, T> parse) : ParquetColumn(target)
    where T : struct
{
    private T?[] _values = [];
    private int _count;

    public override int Add(string? text)
    {
        if (_count == _values.Length)
            Array.Resize(ref _values, Math.Max(256, 2 * _count));
        _values[_count++] = text is null ? null : parse(text);
        return 0;
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
    {
        await group.WriteAsync<T>(Field, _values.AsMemory(0, _count), cancellationToken: cancellationToken).ConfigureAwait(false);
        _count = 0;
    }
}
