using System.Text;
using DicomFunctions.Core.Dicom;
using Xunit;

namespace DicomFunctions.Core.Tests.Dicom;

public sealed class DicomJsonRowKeyTests
{
    [Fact]
    public void Of_the_same_UIDs_is_the_same_whatever_else_the_row_says()
    {
        Assert.Equal(Key(Row("1", "2", "3")), Key(Row("1", "2", "3", ",\"00200013\":{\"Value\":[1]}")));
        Assert.Equal(
            Key(Row("1", "2", "3")),
            Key("{\"00080018\":{\"Value\":[\"3\"]},\"0020000E\":{\"Value\":[\"2\"]},\"0020000D\":{\"Value\":[\"1\"]}}"));
    }

    [Fact]
    public void Of_UIDs_that_differ_at_any_level_differs()
    {
        string[] uids = ["1", "2", "1.2", "12", "1.2.3", "1.2.840.10008.1.2.3.4.5.6.7.8.9", "1.2.840.10008.1.2.3.4.5.6.7.8.90"];
        var keys = new HashSet<UInt128>();
        foreach (var study in uids)
        {
            foreach (var series in uids)
                Assert.All(uids, sop => Assert.True(keys.Add(Key(Row(study, series, sop)))));
        }
    }

    [Theory]
    [InlineData("1.2 ")]
    [InlineData(" 1.2")]
    [InlineData("1.2\\u0000")]
    [InlineData("1.2\\u0000\\u0020")]
    [InlineData("\\u0031.2")]
    [InlineData("\\u0031\\u002e\\u0032")]
    public void Of_padding_and_escapes_mean_the_same(string written)
    {
        var plain = Key(Row("1.2", "1.2", "1.2"));
        Assert.Equal(plain, Key(Row(written, "1.2", "1.2")));
        Assert.Equal(plain, Key(Row("1.2", written, "1.2")));
        Assert.Equal(plain, Key(Row("1.2", "1.2", written)));
        Assert.Equal(new DicomJsonUids("1.2", "1.2", "1.2"), DicomJsonUids.Read(Encoding.UTF8.GetBytes(Row(written, written, written))));
    }

    [Theory]
    [InlineData((int)DicomJsonLevel.Study, "{\"00080018\":{\"Value\":[\"3\"]}}")]
    [InlineData((int)DicomJsonLevel.Series, "{\"0020000E\":{\"Value\":[\"2\"]}}")]
    [InlineData((int)DicomJsonLevel.Series, "{\"0020000D\":{\"Value\":[\" \"]},\"0020000E\":{\"Value\":[\"2\"]}}")]
    [InlineData((int)DicomJsonLevel.Instance, "{\"0020000D\":{\"Value\":[\"1\"]},\"00080018\":{\"Value\":[\"3\"]}}")]
    [InlineData(
        (int)DicomJsonLevel.Instance, "{\"0020000D\":{\"Value\":[]},\"0020000E\":{\"Value\":[\"2\"]},\"00080018\":{\"Value\":[\"3\"]}}")]
    [InlineData(
        (int)DicomJsonLevel.Instance,
        "{\"0020000D\":{\"Value\":[\"\\ud800\"]},\"0020000E\":{\"Value\":[\"2\"]},\"00080018\":{\"Value\":[\"3\"]}}")]
    public void Of_a_row_that_lacks_a_UID_is_the_same_only_for_the_same_bytes(int uids, string row)
    {
        var level = (DicomJsonLevel)uids;
        Assert.Equal(Key(row, level), Key(row, level));
        Assert.NotEqual(Key(row, level), Key(row.Replace("}}", "} }", StringComparison.Ordinal), level));
    }

    [Fact]
    public void Of_many_rows_never_meets()
    {
        var keys = new HashSet<UInt128>();
        for (var i = 0; i < 20_000; i++)
            Assert.True(keys.Add(Key(Row("1.2.840", $"1.2.840.{i % 7}", $"1.2.840.{i}.{i % 7}"))));
    }

    private static string Row(string study, string series, string sop, string more = "") =>
        $"{{\"0020000D\":{{\"Value\":[\"{study}\"]}},\"0020000E\":{{\"Value\":[\"{series}\"]}},"
        + $"\"00080018\":{{\"Value\":[\"{sop}\"]}}{more}}}";

    private static UInt128 Key(string row, DicomJsonLevel level = DicomJsonLevel.Instance)
    {
        var bytes = Encoding.UTF8.GetBytes(row);
        var scanner = DicomJsonRowScanner.ForOne(level);
        Assert.True(scanner.TryRead(bytes, out _, out var found));
        return DicomJsonRowKey.Of(bytes, found.Uids, level);
    }
}
