using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

/// <summary>Lookups that share an answer have the records they would have alone, whatever the rows look like.</summary>
public sealed class MergedLookupTests
{
    /// <summary>How the server's rows name themselves.</summary>
    public enum Rows
    {
        Plain, Padded, Escaped, WithoutStudy, WithoutSeries, WithoutParents, WithoutAny, Lowercase,
    }

    [Theory]
    [InlineData(Rows.Plain, true)]
    [InlineData(Rows.Padded, true)]
    [InlineData(Rows.Escaped, true)]
    [InlineData(Rows.WithoutStudy, false)]
    [InlineData(Rows.WithoutSeries, false)]
    [InlineData(Rows.WithoutParents, false)]
    [InlineData(Rows.WithoutAny, false)]
    [InlineData(Rows.Lowercase, false)]
    public async Task Any_rows_give_the_records_of_lookups_alone(Rows rows, bool isUnderstood)
    {
        foreach (var collapse in Enum.GetValues<Collapse>())
        {
            foreach (var wanted in new[] { "1.9.0", "1.9.1", "1.9.7" })
            {
                await using var host = await CoreHost.StartAsync(settings: [("DicomWeb:ShortPageIsLast", "true")]);
                host.Server.Before = context => AnswerAsync(context, rows);
                string[] paths = [Path("1.1.1", "1.9.0"), Path("1.1.1", wanted), Path("1.1.1", "1.9.2")];
                List<JsonNode> alone = [];
                foreach (var path in paths)
                    alone.AddRange(await RunAsync(host, collapse, path));
                host.Server.Requests.Clear();

                var together = await RunAsync(host, collapse, paths);

                Assert.Equal(alone.Select(Essence), together.Select(Essence));
                Assert.Equal(wanted == "1.9.7" ? 0 : 1, together[1]["result"]!.AsArray().Count);
                Assert.Equal(isUnderstood ? 1 : 4, host.Server.Requests.Count);
            }
        }
    }

    [Theory]
    [InlineData(Collapse.None)]
    [InlineData(Collapse.Series)]
    [InlineData(Collapse.Study)]
    public async Task One_SOP_instance_UID_in_two_series_gives_each_message_the_row_of_its_own(object collapse)
    {
        await using var host = await CoreHost.StartAsync(settings: [("DicomWeb:ShortPageIsLast", "true")]);
        host.Server.Rows =
        [
            .. from series in new[] { "1.1.1", "1.1.2" } from sop in new[] { "1.9.0", "1.9.1" } select FakeDicomStore.Row(
                "1.1", series, sop),
        ];
        string[] paths =
            [Path("1.1.1", "1.9.0"), Path("1.1.2", "1.9.0"), Path("1.1.1", "1.9.1"), Path("1.1.2", "1.9.1"), Path("1.1.3", "1.9.1")];

        var records = await RunAsync(host, (Collapse)collapse, paths);

        foreach (var record in records.Take(4))
        {
            var row = Assert.Single(record["result"]!.AsArray())!;
            Assert.Equal((string)record["input"]!["params"]!["SeriesInstanceUID"]!, (string)row["0020000E"]!["Value"]![0]!);
            Assert.Equal((string)record["input"]!["params"]!["SOPInstanceUID"]!, (string)row["00080018"]!["Value"]![0]!);
        }

        Assert.Equal([200, 200, 200, 200, 204], records.Select(record => (int)record["status"]!));
    }

    [Fact]
    public async Task One_row_that_is_not_understood_among_others_leaves_no_lookup_without_its_row()
    {
        await using var host = await CoreHost.StartAsync(settings: [("DicomWeb:ShortPageIsLast", "true")]);
        // The odd one is 1.9.1, but does not say so where it is looked for.
        host.Server.Before = async context =>
        {
            var sop = context.Request.Query["SOPInstanceUID"].ToString();
            var odd = "{\"00080018\":{\"vr\":\"UI\",\"Value\":[null,\"1.9.1\"]}}";
            await FakeDicomStore.JsonAsync(context, sop == "1.9.1" ? $"[{odd}]" : $"[{FakeDicomStore.Row("1.1", "1.1.1", "1.9.0")},{odd}]");
            return true;
        };
        var records = await RunAsync(host, Collapse.None, Path("1.1.1", "1.9.0"), Path("1.1.1", "1.9.1"));
        Assert.Equal([1, 1], records.Select(record => record["result"]!.AsArray().Count));
        Assert.Equal(2, host.Server.Requests.Count);
    }

    private static async Task<List<JsonNode>> RunAsync(CoreHost host, Collapse collapse, params IEnumerable<string> paths) =>
        await host.RecordsAsync(await host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Notifications, Collapse = collapse, MaxWorkers = 1, BufferSize = 9 }, paths));

    private static string Path(string series, string sop) =>
        $"\"{CoreHost.Store}/dicomWeb/studies/1.1/series/{series}/instances/{sop}\"";

    private static string Essence(JsonNode record) =>
        $"{record["input"]}{record["result"]}{record["success"]}{record["status"]}{record["partial"]}";

    private static async Task<bool> AnswerAsync(Microsoft.AspNetCore.Http.HttpContext context, Rows rows)
    {
        var wanted = context.Request.Query["SOPInstanceUID"].ToString();
        var found = Enumerable.Range(0, 3).Select(i => $"1.9.{i}").Where(sop => wanted.Length == 0 || sop == wanted).Select(
            sop => Row(rows, sop)).ToList();
        if (found.Count > 0)
            await FakeDicomStore.JsonAsync(context, $"[{string.Join(',', found)}]");
        else
            context.Response.StatusCode = 204;
        return true;
    }

    private static string Row(Rows rows, string sop)
    {
        var row = JsonNode.Parse(FakeDicomStore.Row("1.1", "1.1.1", sop))!.AsObject();
        foreach (var tag in rows switch
        {
            Rows.WithoutStudy => ["0020000D"],
            Rows.WithoutSeries => ["0020000E"],
            Rows.WithoutParents => ["0020000D", "0020000E"],
            Rows.WithoutAny => new[] { "0020000D", "0020000E", "00080018" },
            _ => [],
        })
        {
            row.Remove(tag);
        }

        row["00200013"] = new JsonObject { ["vr"] = "IS", ["Value"] = new JsonArray(sop[^1] - '0') };
        var text = row.ToJsonString();
        return rows switch
        {
            Rows.Padded => text.Replace("\"]", " \"]", StringComparison.Ordinal),
            Rows.Escaped => text.Replace("1.9.", "\\u0031.9\\u002e", StringComparison.Ordinal)
                .Replace("\"]", "\\u0000\"]", StringComparison.Ordinal),
            Rows.Lowercase => text.Replace("0020000D", "0020000d", StringComparison.Ordinal),
            _ => text,
        };
    }
}
