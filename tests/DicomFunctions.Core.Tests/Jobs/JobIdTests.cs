using DicomFunctions.Core.Jobs;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs;

public sealed class JobIdTests
{
    private static readonly DateTimeOffset Second = new(2026, 11, 22, 8, 16, 53, TimeSpan.Zero);

    [Fact]
    public void Create_milliseconds_apart_sorts_by_time_of_either_kind()
    {
        var random = new Random(1);
        var ids = Enumerable.Range(0, 500)
            .Select(i => Second + TimeSpan.FromMilliseconds(2 * i))
            .Select((time, i) => i % 2 == 0 ? JobId.Create(time) : JobId.Create(time, random)).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.All(ids, id => Assert.True(JobId.IsValid(id)));
        Assert.All(ids, id => Assert.Equal((Second, "20261122"), (JobId.Time(id), JobId.Day(id))));
    }

    [Fact]
    public void Create_of_one_moment_is_another_but_of_the_moment_alone()
    {
        var random = new Random(1);
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => JobId.Create(Second, random)).Distinct().Count());
        Assert.Equal(JobId.Create(Second), JobId.Create(Second));
        Assert.NotEqual(JobId.Create(Second), JobId.Create(Second.AddTicks(1)));
        Assert.True(JobId.IsValid(JobId.Create(Second.AddTicks(TimeSpan.TicksPerSecond - 1))));
    }

    [Theory]
    [InlineData("20261122-081653-k3f9x")]
    [InlineData("20261122-081653-k3f9x22")]
    [InlineData("20261122-081653_k3f9x2")]
    [InlineData("20261322-081653-k3f9x2")]
    [InlineData("20261122-081653-K3F9X2")]
    [InlineData("20261122-081653-../../")]
    [InlineData("")]
    public void IsValid_anything_else_is_false(string id) => Assert.False(JobId.IsValid(id));
}
