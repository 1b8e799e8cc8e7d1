using DicomFunctions.Core.Workflow;
using Xunit;

namespace DicomFunctions.Core.Tests.Workflow;

public sealed class ActivityRetryTests
{
    [Fact]
    public void Seven_attempts_wait_about_a_minute_in_all_each_twice_as_long_as_the_one_before() => Assert.Equal(
        [1, 2, 4, 8, 16, 32],
        Enumerable.Range(1, ActivityRetry.Default.MaxAttempts - 1)
            .Select(attempt => ActivityRetry.Default.DelayAfter(attempt).TotalSeconds));

    [Theory]
    [InlineData(7)]
    [InlineData(1000)]
    public void No_wait_is_longer_than_the_longest(int attempt) =>
        Assert.Equal(TimeSpan.FromSeconds(60), ActivityRetry.Default.DelayAfter(attempt));
}
