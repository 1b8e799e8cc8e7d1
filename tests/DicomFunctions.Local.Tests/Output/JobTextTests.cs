using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Output;
using Xunit;

namespace DicomFunctions.Local.Tests.Output;

public sealed class JobTextTests
{
    private static readonly JobView Running = new()
    {
        Id = "20261122-081653-k3f9x2",
        Kind = JobKind.Upload,
        State = JobStatus.Running,
        CreatedAt = DateTimeOffset.UnixEpoch,
        BufferSize = 8,
        MaxWorkers = 5,
        Progress = new JobProgress { Total = 1_000, Succeeded = 90, Failed = 10 },
        Rate = 2.5,
    };

    [Fact]
    public void A_line_has_the_id_the_counts_the_rate_and_the_time_left() =>
        Assert.Equal(
            "20261122-081653-k3f9x2 running: 100 of 1000 inputs, 90 succeeded, 10 failed, 2.5/s, 6 min 0 s left", JobText.Line(Running));

    [Theory]
    [InlineData(JobStatus.Completed, 2.5)]
    [InlineData(JobStatus.Running, null)]
    [InlineData(JobStatus.Running, 0d)]
    public void There_is_no_time_left_without_a_rate_or_once_it_has_ended(object state, double? rate) =>
        Assert.Null(JobText.Left(Running with { State = (JobStatus)state, Rate = rate }));

    [Theory]
    [InlineData(0.25, "0.3 s")]
    [InlineData(59, "59 s")]
    [InlineData(61, "1 min 1 s")]
    [InlineData(7_260, "2 h 1 min")]
    [InlineData(180_000, "2 d 2 h")]
    public void Durations_have_two_units_at_most(double seconds, string text) =>
        Assert.Equal(text, JobText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_was_not_attempted_is_told() =>
        Assert.EndsWith(
            ", 10 failed, 900 not attempted. Why.",
            JobText.Line(Running with
            {
                State = JobStatus.Cancelled,
                Rate = null,
                Failure = "Why.",
                Progress = Running.Progress with { NotAttempted = 900 },
            }),
            StringComparison.Ordinal);
}
