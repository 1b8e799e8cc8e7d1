using DicomFunctions.Core.DicomWeb.Rows;
using DicomFunctions.Core.Tests.Storage;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Rows;

[Collection(MemoryCollection.Name)]
public sealed class SeenRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(4_097)]
    [InlineData(100_000)]
    public void Add_many_rows_twice_knows_each_the_second_time(int count)
    {
        var rows = new SeenRows();
        Assert.All(Keys(count), key => Assert.True(rows.Add(key)));
        Assert.All(Keys(count), key => Assert.False(rows.Add(key)));
    }

    [Fact]
    public void Add_keys_of_zeros_are_known()
    {
        var rows = new SeenRows();
        Assert.True(rows.Add(0));
        Assert.False(rows.Add(0));
        Assert.True(rows.Add(UInt128.One << 127));
        Assert.True(rows.Add(ulong.MaxValue));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(58_000)]
    [InlineData(115_000)]
    [InlineData(1_000_000)]
    public void Add_a_row_costs_at_most_48_bytes(int count)
    {
        // A million rows in all, beside which it does not matter what else the process frees meanwhile.
        var searches = new SeenRows[1_000_000 / count];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < searches.Length; i++)
        {
            searches[i] = new SeenRows();
            foreach (var key in Keys(count))
                searches[i].Add(key);
        }

        var cost = (GC.GetTotalMemory(forceFullCollection: true) - before) / ((double)count * searches.Length);
        GC.KeepAlive(searches);
        Assert.InRange(cost, 16, 48);
    }

    private static IEnumerable<UInt128> Keys(int count)
    {
        var random = new Random(5);
        for (var i = 0; i < count; i++)
        {
            yield return new UInt128(
                (ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
        }
    }
}
