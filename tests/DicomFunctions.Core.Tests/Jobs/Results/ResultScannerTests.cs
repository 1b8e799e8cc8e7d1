using System.Text;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Tests.Fakes;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Results;

public sealed class ResultScannerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_line_that_is_no_JSON_has_neither_outcome_and_the_others_are_found(int chunk)
    {
        string[] lines =
        [
            """{"input":{},"result":[],"success":true,"status":200}""",
            """{"input":{},"result":[{"a":1,,"b":"x"}],"success":true,"status":200}""",
            """{"input":{"success":true},"result":[],"success":false,"status":500}""",
            """{"input":"}","result":[{]}],"success":false}""",
            """{"input":"\\n","result":[1],"success":true}""",
        ];
        var text = string.Concat(lines.Select(line => line + "\n"));
        using var scanner = new ResultScanner(new ChoppedStream(Encoding.UTF8.GetBytes(text), chunk));
        List<(string Line, bool? Success)> found = [];
        while (await scanner.ReadAsync(CancellationToken.None) is { } record)
            found.Add((text.Substring((int)record.Offset, (int)record.Length), record.Success));

        Assert.Equal(lines, found.Select(record => record.Line));
        Assert.Equal([true, null, false, null, true], found.Select(record => record.Success));
    }
}
