using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Tests.Fakes;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Qido;

public sealed class QidoPagingTests : IAsyncLifetime
{
    private CoreHost _host = null!;

    public async Task InitializeAsync() => _host = await StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(9, 2)]
    [InlineData(10, 2)]
    [InlineData(11, 2)]
    [InlineData(20, 3)]
    [InlineData(35, 4)]
    public async Task SearchAsync_a_server_of_full_pages_gives_every_row_once(int rows, int requests)
    {
        _host.Server.Rows = FakeDicomStore.Instances(rows);
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.True(outcome.Success);
        Assert.Equal(rows == 0 ? 204 : 200, outcome.Status.Code);
        Assert.Equal(_host.Server.Rows, found);
        // A short first page is not known to be the last; once a full page was seen, a short one is.
        Assert.Equal(requests, outcome.Attempts);
        Assert.Equal(requests, _host.Server.Requests.Count);
    }

    [Fact]
    public async Task SearchAsync_a_server_that_caps_silently_gives_every_row()
    {
        _host.Server.Rows = FakeDicomStore.Instances(23);
        _host.Server.PageCap = 4;
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.True(outcome.Success);
        Assert.Equal(_host.Server.Rows, found);
    }

    [Fact]
    public async Task SearchAsync_short_page_is_last_asks_no_more()
    {
        await using var host = await StartAsync(("DicomWeb:ShortPageIsLast", "true"));
        host.Server.Rows = FakeDicomStore.Instances(7);
        var (outcome, found) = await host.SearchAsync(Instances());
        Assert.Equal((7, 1), (found.Count, outcome.Attempts));
    }

    [Fact]
    public async Task SearchAsync_short_page_is_never_last_asks_until_one_is_empty()
    {
        await using var host = await StartAsync(("DicomWeb:ShortPageIsLast", "false"));
        host.Server.Rows = FakeDicomStore.Instances(17);
        var (outcome, found) = await host.SearchAsync(Instances());
        Assert.Equal((17, 3), (found.Count, outcome.Attempts));
        Assert.Equal("/instances?limit=10&offset=17", host.Server.Requests.Last());
    }

    [Fact]
    public async Task SearchAsync_a_lookup_of_one_instance_is_one_request()
    {
        _host.Server.Rows = FakeDicomStore.Instances(5);
        var (outcome, found) = await _host.SearchAsync(Instances() with
        {
            Parameters = [new("StudyInstanceUID", "1.2.3"), new("SeriesInstanceUID", "1.2.3"), new("SOPInstanceUID", "1.2.3")],
        });
        Assert.Equal((1, 1), (found.Count, outcome.Attempts));
    }

    [Theory]
    [InlineData(QidoLevel.Studies, "0020000D=1.2.3", 1)]
    [InlineData(QidoLevel.Studies, "StudyInstanceUID=1.2.*", 2)]
    [InlineData(QidoLevel.Series, "SeriesInstanceUID=1.2.3", 2)]
    [InlineData(QidoLevel.Series, "StudyInstanceUID=1.2.3&0020000e=1.2.3", 1)]
    [InlineData(QidoLevel.Instances, "SOPInstanceUID=1.2.3", 2)]
    [InlineData(QidoLevel.Instances, "StudyInstanceUID=1.2.3&SOPInstanceUID=1.2.3", 2)]
    public async Task SearchAsync_only_all_the_UIDs_of_a_level_name_one_row_so_that_a_short_page_is_the_last(
        QidoLevel level, string filters, int requests)
    {
        _host.Server.Rows = FakeDicomStore.Instances(5)[3..4];
        var (outcome, found) = await _host.SearchAsync(Instances() with
        {
            Level = level,
            Parameters = [.. filters.Split('&').Select(filter => filter.Split('=')).Select(pair => KeyValuePair.Create(pair[0], pair[1]))],
        });
        Assert.Equal((1, requests), (found.Count, outcome.Attempts));
    }

    [Theory]
    [InlineData(5L, 0L, 5)]
    [InlineData(10L, 0L, 10)]
    [InlineData(11L, 0L, 11)]
    [InlineData(25L, 0L, 25)]
    [InlineData(40L, 0L, 35)]
    [InlineData(long.MaxValue, 0L, 35)]
    [InlineData(5L, 33L, 2)]
    [InlineData(12L, 4L, 12)]
    [InlineData(null, 30L, 5)]
    [InlineData(null, 35L, 0)]
    [InlineData(null, 3_000_000_000L, 0)]
    [InlineData(0L, 3L, 0)]
    public async Task SearchAsync_limit_and_offset_are_the_window_of_the_whole(long? limit, long offset, int expected)
    {
        _host.Server.Rows = FakeDicomStore.Instances(35);
        foreach (var cap in new int?[] { null, 3 })
        {
            _host.Server.PageCap = cap;
            var (outcome, found) = await _host.SearchAsync(Instances() with { Limit = limit, Offset = offset });
            Assert.True(outcome.Success);
            Assert.Equal(_host.Server.Rows.Skip((int)Math.Min(offset, 100)).Take(expected), found);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public async Task SearchAsync_a_server_that_ignores_offset_ends_with_every_row_once(int rows)
    {
        _host.Server.Rows = FakeDicomStore.Instances(rows);
        _host.Server.IgnoresOffset = true;
        foreach (var limit in new long?[] { null, 12, 10 })
        {
            var (outcome, found) = await _host.SearchAsync(Instances() with { Limit = limit });
            Assert.True(outcome.Success, outcome.Status.ToString());
            Assert.Equal(_host.Server.Rows, found);
        }
    }

    [Fact]
    public async Task SearchAsync_a_server_that_ignores_offset_and_has_more_than_a_page_fails()
    {
        _host.Server.Rows = FakeDicomStore.Instances(30);
        _host.Server.IgnoresOffset = true;
        foreach (var limit in new long?[] { null, 15, 25 })
        {
            var (outcome, found) = await _host.SearchAsync(Instances() with { Limit = limit });
            Assert.False(outcome.Success);
            Assert.True(outcome.Partial);
            Assert.Contains("offset", outcome.Status.Text, StringComparison.Ordinal);
            Assert.Equal(10, found.Count);
        }
    }

    [Fact]
    public async Task SearchAsync_pages_that_overlap_give_every_row_once()
    {
        var rows = FakeDicomStore.Instances(10);
        _host.Server.Rows = [.. rows, .. rows[7..], .. FakeDicomStore.Instances(8, first: 10)];
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.True(outcome.Success);
        Assert.Equal(FakeDicomStore.Instances(18), found);
        Assert.Equal(3, outcome.RepeatedRows);
    }

    [Fact]
    public async Task SearchAsync_rows_without_a_UID_are_told_apart_by_their_text()
    {
        _host.Server.Rows =
        [
            "{\"00080018\":{\"Value\":[],\"vr\":\"UI\"},\"00200013\":{\"vr\":\"IS\",\"Value\":[1]}}",
            "{\"00080018\":{\"Value\":[],\"vr\":\"UI\"},\"00200013\":{\"vr\":\"IS\",\"Value\":[2]}}",
        ];
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.True(outcome.Success);
        Assert.Equal(_host.Server.Rows, found);
    }

    [Fact]
    public async Task SearchAsync_each_level_is_told_apart_by_its_own_UID()
    {
        foreach (var (level, tag, path) in new[]
        {
            (QidoLevel.Studies, "0020000D", "/studies?"), (QidoLevel.Series, "0020000E", "/series?"),
            (QidoLevel.Instances, "00080018", "/instances?"),
        })
        {
            // The same in all but one of the three UIDs.
            _host.Server.Rows = [.. Enumerable.Range(0, 4).Select(i => FakeDicomStore.Row("9").Replace(
                $"\"{tag}\":{{\"vr\":\"UI\",\"Value\":[\"9\"]", $"\"{tag}\":{{\"vr\":\"UI\",\"Value\":[\"1.{i}\"]",
                StringComparison.Ordinal))];
            _host.Server.Requests.Clear();
            var (_, found) = await _host.SearchAsync(Instances() with { Level = level });
            Assert.Equal(4, found.Count);
            Assert.All(_host.Server.Requests, request => Assert.StartsWith(path, request, StringComparison.Ordinal));
        }
    }

    private static Task<CoreHost> StartAsync(params (string, string)[] settings) => CoreHost.StartAsync(settings:
    [
        ("DicomWeb:PageSizes:Studies", "10"), ("DicomWeb:PageSizes:Series", "10"), ("DicomWeb:PageSizes:Instances", "10"), .. settings,
    ]);

    private static QidoRequest Instances() => new() { Store = CoreHost.Store, Level = QidoLevel.Instances };
}
