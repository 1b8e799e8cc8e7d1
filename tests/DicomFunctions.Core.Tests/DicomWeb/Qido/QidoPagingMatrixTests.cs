using System.Globalization;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Qido;

/// <summary>
/// Every way of paging beside every size of a result and every window: a search that is a success has all of its window, each row once,
/// and one that cannot have it is a failure with what came.
/// </summary>
public sealed class QidoPagingMatrixTests : IAsyncLifetime
{
    private const int PageSize = 10;
    private const int Cap = 4;
    private const int Overlap = 3;

    private CoreHost _host = null!;

    public enum Limits
    {
        Kept,
        Ignored,
        Capped,
    }

    public enum Offsets
    {
        Kept,
        Ignored,

        /// <summary>Beyond the end, the last page comes again.</summary>
        Clamped,

        /// <summary>
        /// Rows come in at the front while the search reads on, so that the last rows of a page are the first of the next.
        /// </summary>
        Overlapping,
    }

    /// <summary>How a server says that it has more rows than it gives.</summary>
    public enum Hints
    {
        None,
        PartialContent,
        Warning,
    }

    /// <summary>How the rows name themselves.</summary>
    public enum Uids
    {
        Plain,
        Padded,
        Escaped,

        /// <summary>Of different series, with one SOP instance UID.</summary>
        OfOneInstance,

        /// <summary>Without the UIDs of their study and series.</summary>
        WithoutParents,
    }

    public static TheoryData<Limits, Offsets, Hints, Uids> Servers
    {
        get
        {
            var servers = new TheoryData<Limits, Offsets, Hints, Uids>();
            foreach (var limits in Enum.GetValues<Limits>())
            {
                foreach (var offsets in Enum.GetValues<Offsets>())
                {
                    foreach (var hints in Enum.GetValues<Hints>())
                    {
                        foreach (var uids in Enum.GetValues<Uids>())
                            servers.Add(limits, offsets, hints, uids);
                    }
                }
            }

            return servers;
        }
    }

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync(settings:
        [("DicomWeb:PageSizes:Instances", PageSize.ToString(CultureInfo.InvariantCulture)), ("DicomWeb:MaxAttempts", "1")]);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task SearchAsync_any_server_gives_the_whole_window_or_a_failure(Limits limits, Offsets offsets, Hints hints, Uids uids)
    {
        foreach (var total in new[] { 0, 1, 3, 4, 5, 9, 10, 11, 20, 23, 35 })
        {
            var rows = Enumerable.Range(0, total).Select(i => Row(i, uids)).ToList();
            _host.Server.Before = context => AnswerAsync(context, rows, limits, offsets, hints);
            foreach (var limit in new long?[] { null, 5, 10, 15, 100 })
            {
                foreach (var offset in new[] { 0, 6 })
                    await CheckAsync(rows, limits, offsets, hints, limit, offset);
            }
        }
    }

    private async Task CheckAsync(List<string> rows, Limits limits, Offsets offsets, Hints hints, long? limit, int offset)
    {
        // What no answer shows: a server that stops early and begins again, or that gives its last page for what lies beyond the end.
        if (offsets == Offsets.Ignored && limits == Limits.Capped && rows.Count > Cap && hints == Hints.None)
            return;
        if (offsets == Offsets.Clamped && offset > 0)
            return;
        var (outcome, found) = await _host.SearchAsync(
            new QidoRequest { Store = CoreHost.Store, Level = QidoLevel.Instances, Limit = limit, Offset = offset });
        var what = $"{rows.Count} rows, limit {limit}, offset {offset}: {outcome.Status}";
        var window = (int)(limit ?? int.MaxValue);
        if (offsets == Offsets.Ignored)
        {
            // The first page is all there will ever be.
            var first = Length(limits, Math.Min(PageSize, window), rows.Count);
            Assert.True(rows.Take(Math.Min(first, window)).SequenceEqual(found), what);
            Assert.True(IsFirstPageWhole(first, rows.Count, window, hints, offset) == outcome.Success, what);
        }
        else
        {
            var expected = rows.Skip(offset).Take(window).ToList();
            Assert.True(outcome.Success || offsets == Offsets.Clamped, what);
            Assert.True(expected.SequenceEqual(found), what);
        }

        Assert.Equal(!outcome.Success && found.Count > 0, outcome.Partial);
        Assert.Equal(outcome.Success ? found.Count > 0 ? 200 : 204 : 0, outcome.Status.Code);
        Assert.InRange(outcome.Attempts, 1, 5 + rows.Count);
    }

    /// <summary>
    /// Whether a page that comes again whatever the offset is known to be everything: nothing else was asked for, and its length was the
    /// server's choice.
    /// </summary>
    private static bool IsFirstPageWhole(int first, int rows, int window, Hints hints, int offset) =>
        rows == 0 || first >= window
        || (offset == 0 && first != Math.Min(PageSize, window) && (first == rows || hints == Hints.None));

    private static int Length(Limits limits, int asked, int left) => limits switch
    {
        Limits.Kept => Math.Min(asked, left),
        Limits.Ignored => left,
        _ => Math.Min(Math.Min(asked, Cap), left),
    };

    private static async Task<bool> AnswerAsync(HttpContext context, List<string> rows, Limits limits, Offsets offsets, Hints hints)
    {
        var asked = int.Parse(context.Request.Query["limit"]!, CultureInfo.InvariantCulture);
        var offset = int.TryParse(context.Request.Query["offset"], CultureInfo.InvariantCulture, out var number) ? number : 0;
        if (offsets == Offsets.Ignored)
            offset = 0;
        else if (offsets == Offsets.Clamped && offset >= rows.Count && rows.Count > 0)
            offset = (rows.Count - 1) / Length(limits, asked, rows.Count) * Length(limits, asked, rows.Count);
        else if (offsets == Offsets.Overlapping && offset > 6)
            offset -= Overlap;
        var page = rows.Skip(offset).ToList();
        page = page[..Length(limits, asked, page.Count)];
        var hasMore = offset + page.Count < rows.Count;
        if (hasMore && hints == Hints.Warning)
            context.Response.Headers.Warning = "299 archive \"There are 7 additional results that can be requested\"";
        if (page.Count == 0)
            context.Response.StatusCode = 204;
        else
            await FakeDicomStore.JsonAsync(context, $"[{string.Join(',', page)}]", hasMore && hints == Hints.PartialContent ? 206 : 200);
        return true;
    }

    private static string Row(int i, Uids uids)
    {
        var series = uids == Uids.OfOneInstance ? $"1.2.{i}" : "1.2";
        var sop = uids == Uids.OfOneInstance ? "9" : $"1.2.{i}";
        var end = uids switch { Uids.Padded => " ", Uids.Escaped => "\\u0000", _ => "" };
        var parents = uids == Uids.WithoutParents ? "" : Attribute("0020000D", "1" + end) + "," + Attribute("0020000E", series + end) + ",";
        return "{" + parents + Attribute("00080018", sop + end) + "}";
    }

    private static string Attribute(string tag, string uid) => $"\"{tag}\":{{\"vr\":\"UI\",\"Value\":[\"{uid}\"]}}";
}
