using DicomFunctions.Core.Failures;
using Xunit;

namespace DicomFunctions.Core.Tests.Failures;

public sealed class FailureCountsTests
{
    [Fact]
    public void Counts_of_a_code_add_up_with_the_first_of_all_and_the_most_frequent_come_first()
        => Assert.Equal(
            [new FailureCount("b", 7, 2), new FailureCount("a", 3, 0), new FailureCount("c", 3, 9)],
            FailureCounts.Sum([new("a", 3, 0), new("b", 4, 5), new("c", 3, 9), new("b", 3, 2)]));

    [Fact]
    public void Codes_beyond_the_most_are_counted_together_in_the_end_however_they_come_in()
    {
        var counts = Enumerable.Range(0, 50).Select(i => new FailureCount($"code{i:00}", 100 - i, i)).ToList();

        var sums = counts.Chunk(7).Aggregate<IEnumerable<FailureCount>, IReadOnlyList<FailureCount>>(
            [], (sum, some) => FailureCounts.Sum(sum.Concat(some)));

        Assert.Equal(FailureCounts.MaxCodes, sums.Count);
        Assert.Equal(counts[..10], sums.Take(10));
        Assert.Equal(FailureCode.Other, sums[^1].Code);
        Assert.Equal(counts.Sum(count => count.Count), sums.Sum(count => count.Count));
    }

    [Theory]
    [InlineData(206, FailureCode.Incomplete)]
    [InlineData(302, FailureCode.BadAnswer)]
    [InlineData(400, FailureCode.Rejected)]
    [InlineData(401, FailureCode.Unauthenticated)]
    [InlineData(403, FailureCode.PermissionDenied)]
    [InlineData(404, FailureCode.NotFound)]
    [InlineData(406, FailureCode.Unsupported)]
    [InlineData(408, FailureCode.TimedOut)]
    [InlineData(409, FailureCode.Conflict)]
    [InlineData(410, FailureCode.NotFound)]
    [InlineData(413, FailureCode.OutOfResources)]
    [InlineData(418, FailureCode.Rejected)]
    [InlineData(429, FailureCode.RateLimited)]
    [InlineData(500, FailureCode.ServerError)]
    [InlineData(501, FailureCode.Unsupported)]
    [InlineData(503, FailureCode.ServerError)]
    [InlineData(504, FailureCode.TimedOut)]
    [InlineData(999, FailureCode.BadAnswer)]
    public void Every_status_code_of_a_failure_has_a_code(int status, string code) => Assert.Equal(code, FailureCode.OfStatus(status));
}
