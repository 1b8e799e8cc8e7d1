using DicomFunctions.Core.Failures;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources.Gcs;

public sealed class GcsSourceTests : GcsFixture
{
    [Fact]
    public async Task ExpandAsync_patterns_give_the_objects_of_every_page()
    {
        for (var i = 0; i < 7; i++)
            Gcs.Put("b", $"scans/{i}.dcm", [1]);
        foreach (var name in new[] { "scans/x.txt", "scans/deep/y.dcm", "scans/deep/", "other/z.dcm" })
            Gcs.Put("b", name, [1]);
        Gcs.PageSize = 2;
        var flat = Enumerable.Range(0, 7).Select(i => $"gs://b/scans/{i}.dcm").ToList();
        Assert.Equal(flat, await Source.ExpandPageByPageAsync("gs://b/scans/*.dcm"));
        Gcs.Requests.Clear();
        Assert.Equal(flat, await Source.ExpandAsync("gs://b/scans/*.dcm"));
        Assert.Equal(4, Gcs.Requests.Count); // eight names: what is below is not listed
        Assert.Equal([.. flat, "gs://b/scans/deep/y.dcm"], await Source.ExpandAsync("gs://b/scans/**.dcm"));
        Assert.Equal([.. flat, "gs://b/scans/deep/y.dcm", "gs://b/scans/x.txt"], await Source.ExpandAsync("gs://b/scans/"));
        Assert.Equal(10, (await Source.ExpandAsync("gs://b/")).Count);
        Assert.Equal(["gs://b/any.dcm"], await Source.ExpandAsync("gs://b/any.dcm"));
    }

    [Theory]
    [InlineData("gs://b/none/*", FailureCode.NoMatch)]
    [InlineData("gs://b", FailureCode.BadReference)]
    [InlineData("gs:b/x*", FailureCode.BadReference)]
    [InlineData("gs://B!/x*", FailureCode.BadReference)]
    [InlineData("gs:///x*", FailureCode.BadReference)]
    [InlineData("gs://../x*", FailureCode.BadReference)]
    public async Task ExpandAsync_nothing_to_find_is_one_problem(string pattern, string code) =>
        Assert.Equal([$"<{code}>"], await Source.ExpandAsync(pattern));

    [Fact]
    public async Task ExpandAsync_page_that_fails_for_good_ends_with_a_problem()
    {
        for (var i = 0; i < 4; i++)
            Gcs.Put("b", $"{i}.dcm", [1]);
        Gcs.PageSize = 2;
        Gcs.Before = (context, target) => Answer(context, target.Contains("pageToken", StringComparison.Ordinal), 503);
        Assert.Equal(["gs://b/0.dcm", "gs://b/1.dcm", "<unavailable>"], await Source.ExpandAsync("gs://b/*.dcm"));
        Assert.Equal(4, Gcs.Requests.Count);
    }

    [Fact]
    public async Task Answers_that_begin_with_a_byte_order_mark_are_read()
    {
        Gcs.Put("b", "a.dcm", [1, 2, 3]);
        Gcs.HasByteOrderMark = true;
        Assert.Equal(["gs://b/a.dcm"], await Source.ExpandAsync("gs://b/*"));
        Assert.Equal([1, 2, 3], await Source.ReadAsync("gs://b/a.dcm"));
    }

    [Theory]
    [InlineData("gcs://b/scans/a.dcm")]
    [InlineData("GCS://b/scans/a.dcm")]
    [InlineData("Gs://b/scans/a.dcm")]
    public async Task GCS_as_Beam_writes_it_means_gs(string reference)
    {
        Gcs.Put("b", "scans/a.dcm", [1, 2, 3]);
        Assert.True(Source.CanOpen(reference));
        Assert.False(Source.IsPattern(reference));
        Assert.Equal([1, 2, 3], await Source.ReadAsync(reference));
        Assert.Equal([reference], await Source.ExpandAsync(reference));
        Assert.True(Source.IsPattern(reference.Replace("a.dcm", "*", StringComparison.Ordinal)));
        Assert.Equal(["gs://b/scans/a.dcm"], await Source.ExpandAsync(reference.Replace("a.dcm", "*", StringComparison.Ordinal)));
        Assert.False(Source.CanOpen("gcsx://b/scans/a.dcm"));
    }

    [Theory]
    [InlineData("plain.dcm")]
    [InlineData("a/b/c.dcm")]
    [InlineData("a b+c%2Fd?e#f&g=h.dcm")]
    [InlineData("ä/猫/../x.dcm")]
    [InlineData("w*ld?.dcm")]
    public async Task OpenAsync_any_name_gives_its_bytes(string name)
    {
        Gcs.Put("b", name, [1, 2, 3]);
        Assert.Equal([1, 2, 3], await Source.ReadAsync("gs://b/" + name));
    }

    [Theory]
    [InlineData("gs://b/none.dcm", FailureCode.NotFound)]
    [InlineData("gs://none/x.dcm", FailureCode.NotFound)]
    [InlineData("gs://b/empty.dcm", FailureCode.Empty)]
    [InlineData("gs://b/zipped.dcm", FailureCode.Unreadable)]
    [InlineData("gs://b/", FailureCode.BadReference)]
    [InlineData("gs://b/..", FailureCode.BadReference)]
    [InlineData("gs://b/a\nb", FailureCode.BadReference)]
    [InlineData("gs://b%2f..%2fc/x", FailureCode.BadReference)]
    [InlineData("gs:", FailureCode.BadReference)]
    public async Task OpenAsync_nothing_to_read_is_a_problem(string reference, string code)
    {
        Gcs.Put("b", "empty.dcm", []);
        Gcs.Put("b", "zipped.dcm", [1], contentEncoding: "gzip");
        Assert.Equal(code, await Source.FailureAsync(reference));
    }
}
