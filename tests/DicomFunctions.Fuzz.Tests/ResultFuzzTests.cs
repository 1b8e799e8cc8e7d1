using System.Text;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>Records of a results file: <see cref="ResultScanner"/>.</summary>
public sealed class ResultFuzzTests
{
    private static readonly Gen<(string Json, bool? Success)> Record =
        from input in OneLine(JsonTexts.Value)
        from row in OneLine(JsonTexts.Object)
        from rows in Gen.Elements(0, 1, 3, 400)
        from success in Gen.Elements(true, false)
        from form in Gen.Elements(
            "{{\"input\":{0},\"result\":[{1}],\"success\":{2},\"status\":200}}", "{{\"success\":{2},\"input\":{0}}}",
            "{{\"source\":{0},\"instance\":{{\"success\":[{1}]}},\"success\":{2}}}")
        from isMalformed in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        let result = string.Join(',', Enumerable.Repeat(row, rows)) + (isMalformed ? ",,{\"}\":1:2}" : "")
        select (string.Format(null, form, isMalformed ? $"[{result}]" : input, result, success ? "true" : "false"), isMalformed
            ? (bool?)null
            : success);

    [Fact]
    public void Every_record_is_found_with_its_outcome_those_behind_a_malformed_one_too() => Fuzzing.Check(
        (from records in Record.ArrayOf() from pieces in Gen.Elements(1, 64, 1000, 1 << 20) select (records, pieces)).ToArbitrary(),
        part =>
        {
            List<ResultSpan> expected = [];
            var text = new StringBuilder();
            foreach (var (json, success) in part.records)
            {
                expected.Add(new ResultSpan(Encoding.UTF8.GetByteCount(text.ToString()), Encoding.UTF8.GetByteCount(json), success));
                text.Append(json).Append('\n');
            }

            Assert.Equal(expected, Scan(new Input(Encoding.UTF8.GetBytes(text.ToString()), part.pieces)));
        },
        runs: 200);

    [Fact]
    public void A_damaged_file_is_scanned_to_its_end() => Fuzzing.Check(
        Input.Of(
            Damage.Of(
                Record.ArrayOf()
                    .Select(records => Encoding.UTF8.GetBytes(string.Concat(records.Take(5).Select(record => record.Json + "\n")))),
                "\n"u8.ToArray(),
                "\\ud800"u8.ToArray())),
        IsScannedToItsEnd);

    [Theory]
    [Corpus("results")]
    public void What_was_found_stays_found(string file) =>
        Assert.All(Input.InPieces(CorpusAttribute.Read("results", file)), input => Fuzzing.Replay(input, IsScannedToItsEnd));

    private static void IsScannedToItsEnd(Input input)
    {
        var end = 0L;
        foreach (var span in Scan(input))
        {
            Assert.InRange(span.Offset, end, input.Bytes.Length);
            Assert.InRange(span.Length, 0, input.Bytes.Length - span.Offset);
            end = span.Offset + span.Length;
        }
    }

    private static List<ResultSpan> Scan(Input input) => Memory.AtMost(200_000 + (200L * input.Bytes.Length), async () =>
    {
        using var part = input.Open();
        using var scanner = new ResultScanner(part);
        List<ResultSpan> found = [];
        while (await scanner.ReadAsync(default) is { } span)
            found.Add(span);
        return found;
    });

    private static Gen<string> OneLine(Gen<string> json) => json.Select(text => text.ReplaceLineEndings(" ").Replace('\t', ' '));
}
