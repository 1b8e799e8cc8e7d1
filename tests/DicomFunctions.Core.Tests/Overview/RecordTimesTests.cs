using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Overview;
using DicomFunctions.Core.Workflow;
using Xunit;

namespace DicomFunctions.Core.Tests.Overview;

public sealed class RecordTimesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 8, 0, 30, TimeSpan.Zero);
    private static readonly long First = MinuteCount.Of(Start);

    [Fact]
    public void Records_of_a_part_are_spread_evenly_over_its_time()
    {
        // Half a minute, and then two whole ones.
        var job = Job(100, failed: 10, [100, 10, 150_000]);

        Assert.Equal(
            [new MinuteCount(First, 18, 2), new MinuteCount(First + 1, 36, 4), new MinuteCount(First + 2, 36, 4)],
            RecordTimes.Of(job, isActive: false, Start.AddDays(-1), Start.AddHours(1)));
    }

    [Fact]
    public void Minutes_add_up_to_the_records_whatever_is_rounded()
    {
        var job = Job(1_000, failed: 7, [333, 2, 777_777], [667, 5, 1_234_567]);

        var minutes = RecordTimes.Of(job, isActive: false, Start.AddDays(-1), Start.AddHours(1));

        Assert.Equal((993, 7), (minutes.Sum(minute => minute.Succeeded), minutes.Sum(minute => minute.Failed)));
    }

    [Fact]
    public void Records_of_a_running_job_that_are_in_no_part_yet_were_made_until_now()
    {
        var job = Job(30, failed: 0, [10, 0, 30_000]);

        Assert.Equal(
            [new MinuteCount(First, 10, 0), new MinuteCount(First + 1, 20, 0)],
            RecordTimes.Of(job, isActive: true, Start.AddDays(-1), Start.AddSeconds(80)));
    }

    [Fact]
    public void Of_a_job_that_stopped_only_what_is_in_parts_counts()
        => Assert.Equal(
            [new MinuteCount(First, 10, 0)],
            RecordTimes.Of(Job(30, failed: 0, [10, 0, 29_000]), isActive: false, Start.AddDays(-1), Start.AddHours(1)));

    [Fact]
    public void Earlier_minutes_are_left_out()
    {
        var minutes = RecordTimes.Of(
            Job(86_400, failed: 0, [86_400, 0, 86_400_000]), isActive: false, Start.AddHours(23), Start.AddDays(1));

        Assert.Equal(MinuteCount.Of(Start.AddHours(23)), minutes[0].Minute);
        Assert.Equal(3_630, minutes.Sum(minute => minute.Succeeded));
    }

    private static JobView Job(long done, long failed, params long[][] parts) => new()
    {
        Id = JobId.Create(Start),
        Kind = JobKind.Search,
        State = JobStatus.Running,
        CreatedAt = Start,
        BufferSize = 1,
        MaxWorkers = 1,
        Progress = new JobProgress { Total = done, Succeeded = done - failed, Failed = failed },
        PartRecords = parts,
    };
}
