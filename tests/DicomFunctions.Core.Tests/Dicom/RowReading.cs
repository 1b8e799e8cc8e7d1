using System.Text;
using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.Tests.Dicom;

/// <summary>Feeds a scanner its bytes in pieces, as a connection would.</summary>
internal sealed class RowReading
{
    public static readonly int[] Sizes = [1, 7, 63, 64, 65, 1 << 20];

    public List<string> Rows { get; } = [];

    public List<string> Uids { get; } = [];

    public List<bool> Controls { get; } = [];

    public List<bool> TooDeep { get; } = [];

    public bool IsComplete { get; private set; }

    public static RowReading Read(byte[] text, int size)
    {
        var reading = new RowReading();
        var scanner = new DicomJsonRowScanner(DicomJsonLevel.Instance);
        var start = 0;
        for (var end = Math.Min(size, text.Length); ; end = Math.Min(end + size, text.Length))
        {
            // A copy of what has arrived, so that a look beyond it fails.
            var window = text[start..end];
            var at = 0;
            while (true)
            {
                var found = scanner.TryRead(window.AsSpan(at), out var consumed, out var row);
                if (found)
                {
                    var bytes = window.AsSpan(at + row.Start, row.Length);
                    reading.Rows.Add(Encoding.UTF8.GetString(bytes));
                    reading.Uids.Add(Encoding.UTF8.GetString(bytes[row.Uids.SopInstance]));
                    reading.Controls.Add(row.HasControls);
                    reading.TooDeep.Add(row.IsTooDeep);
                }

                at += consumed;
                if (!found)
                    break;
            }

            start += at;
            if (end == text.Length)
                break;
        }

        reading.IsComplete = scanner.IsComplete;
        return reading;
    }
}
