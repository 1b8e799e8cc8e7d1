using System.Text;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Fuzz.Tests.Generators;

namespace DicomFunctions.Fuzz.Tests.Harness;

/// <summary>Has a scanner read an answer in pieces, as the client does: what it has not consumed is passed again with more.</summary>
internal sealed record RowReading(List<byte[]> Rows, List<string> Uids, bool IsComplete)
{
    public static RowReading Read(Input input)
    {
        var scanner = new DicomJsonRowScanner(DicomJsonLevel.Instance);
        var (rows, uids) = (new List<byte[]>(), new List<string>());
        var (start, end, pieces) = (0, 0, 0);
        do
        {
            end = Math.Min(end + input.Pieces[pieces++ % input.Pieces.Length], input.Bytes.Length);
            bool found;
            do
            {
                found = scanner.TryRead(input.Bytes.AsSpan(start..end), out var consumed, out var row);
                if (found)
                {
                    var bytes = input.Bytes.AsSpan(start + row.Start, row.Length);
                    rows.Add(bytes.ToArray());
                    uids.Add(Encoding.UTF8.GetString(bytes[row.Uids.SopInstance]));
                    Assert.InRange(row.Start + row.Length, 1, consumed);
                    Assert.Equal(row.HasControls, bytes.ContainsAnyInRange((byte)0, (byte)31));
                }

                start += consumed;
            }
            while (found);
        }
        while (end < input.Bytes.Length);
        return new RowReading(rows, uids, scanner.IsComplete);
    }
}
