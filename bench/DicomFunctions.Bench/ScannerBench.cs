using System.Diagnostics;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Bench;

/// <summary>The row scanner and <see cref="Utf8JsonReader"/> over the same bytes.</summary>
internal static class ScannerBench
{
    private const int Rows = 2_000;

    public static void Run(bool isQuick)
    {
        Console.WriteLine();
        Console.WriteLine("| finding the rows of an answer, GB/s | row scanner | Utf8JsonReader | scanner/reader |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (name, answer) in ((string, byte[])[])[("short values", Answer(40, 12)), ("long values", Answer(12, 400))])
        {
            List<double> scanned = [], read = [];
            for (var round = 0; round < 5; round++)
                (_, _) = (Rate(answer, Scan), Rate(answer, Read)); // Warms up.
            for (var round = 0; round < (isQuick ? 3 : 7); round++)
            {
                scanned.Add(Rate(answer, Scan));
                read.Add(Rate(answer, Read));
            }

            Console.WriteLine(
                $"| {name}, {answer.Length / Rows:N0} bytes a row | {scanned.Median():F2} | {read.Median():F2} "
                + $"| {scanned.Zip(read, (one, other) => one / other).Median():F1} |");
        }
    }

    private static double Rate(byte[] answer, Func<byte[], int> find)
    {
        var (bytes, watch) = (0L, Stopwatch.StartNew());
        while (watch.ElapsedMilliseconds < 100)
        {
            if (find(answer) != Rows)
                throw new InvalidOperationException("Rows were not found.");
            bytes += answer.Length;
        }

        return bytes / watch.Elapsed.TotalSeconds / 1e9;
    }

    private static int Scan(byte[] answer)
    {
        var (scanner, start, rows) = (new DicomJsonRowScanner(DicomJsonLevel.Instance), 0, 0);
        while (scanner.TryRead(answer.AsSpan(start), out var consumed, out _))
        {
            rows++;
            start += consumed;
        }

        return rows;
    }

    private static int Read(byte[] answer)
    {
        var reader = new Utf8JsonReader(answer);
        var rows = 0;
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 1 })
                rows++;
        }

        return rows;
    }

    private static byte[] Answer(int attributes, int valueLength)
    {
        var row = new StringBuilder("{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.113619.2.55.3.604688119.1\"]}");
        for (var attribute = 0; attribute < attributes; attribute++)
            row.Append(null, $",\"0010{attribute:X4}\":{{\"vr\":\"LO\",\"Value\":[\"{new string('v', valueLength)}\"]}}");
        row.Append('}');
        return Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(row.ToString(), Rows))}]");
    }
}
