using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>Writes the summary: from then on the job is finished.</summary>
internal sealed class FinishJob(JobContext jobs) : IActivity<JobState, string>
{
    public async Task<string> RunAsync(JobState input, CancellationToken cancellationToken)
    {
        var spec = await jobs.GetSpecAsync(input.JobId, cancellationToken).ConfigureAwait(false);
        var files = new JobFiles(input.JobId);
        var startedAt = input.StartedAt ?? spec.CreatedAt;
        var finishedAt = jobs.Time.GetUtcNow();
        var counts = input.Counts;
        var notAttempted = input.NotAttempted.Sum(run => run[1]);
        // A flipped bit can make one line of two: such a job has not completed.
        if (counts.Succeeded + counts.Failed + notAttempted is var told && told != input.Plan!.Inputs)
            throw new ObjectDamagedException($"input.ndjson is damaged: of {input.Plan.Inputs} inputs, {told} were found.");
        var seconds = (finishedAt - startedAt).TotalSeconds;
        var summary = new JobSummary
        {
            Id = spec.Id,
            Kind = spec.Kind,
            State = input.Cancelled ? JobStatus.Cancelled : JobStatus.Completed,
            Inputs = input.Plan.Inputs,
            Succeeded = counts.Succeeded,
            Failed = counts.Failed,
            NotAttempted = notAttempted,
            NotAttemptedInputs = input.NotAttempted,
            Statuses = counts.Statuses,
            Attempts = counts.Attempts,
            Bytes = counts.Bytes,
            Parts = input.Parts,
            CreatedAt = spec.CreatedAt,
            StartedAt = startedAt,
            FinishedAt = finishedAt,
            Rate = seconds > 0 ? Math.Round((counts.Succeeded + counts.Failed) / seconds, 2) : 0,
        };
        await jobs.WriteAsync(files.Summary, summary, JobJson.Default.JobSummary, cancellationToken).ConfigureAwait(false);
        return files.Summary;
    }
}
