using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>Works one batch of a job and stages its records, one per input, in their order.</summary>
internal sealed class RunBatch(JobContext jobs, SearchBatch search, UploadBatch upload) : IActivity<BatchRequest, BatchResult>
{
    public async Task<BatchResult> RunAsync(BatchRequest input, CancellationToken cancellationToken)
    {
        var spec = await jobs.GetSpecAsync(input.JobId, cancellationToken).ConfigureAwait(false);
        if (jobs.WhyNotHere(spec) is { } refusal)
            return new BatchResult { Execution = 0, Blocks = 0, Counts = new JobCounts(), Refusal = refusal };
        var files = new JobFiles(input.JobId);
        var execution = jobs.NewExecution();
        using var output = new BlockWriter(jobs.Store, files.Part(input.Part), input.Batch, execution, jobs.Options.BlockSize);
        var tally = new BatchTally();
        var inputs = 0L;
        var cancel = new CancelWatch(jobs, input.JobId, cancellationToken);
        await using (cancel.ConfigureAwait(false))
        {
            var slices = InputSlices.ReadAsync(jobs.Store, files.Input, input.Offset, input.Length, cancellationToken);
            await foreach (var lines in slices.ConfigureAwait(false))
            {
                // Once an input was passed over, because the job is cancelled, those behind it are only counted.
                if (tally.Records == inputs)
                {
                    await (spec.Kind == JobKind.Upload
                        ? upload.RunAsync(spec, lines, output, tally, cancel, cancellationToken)
                        : search.RunAsync(spec, lines, output, tally, cancel, cancellationToken)).ConfigureAwait(false);
                }

                inputs += lines.Count;
            }
        }

        var blocks = await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return new BatchResult
        {
            Execution = execution,
            Blocks = blocks.Count,
            Counts = tally.ToCounts(),
            NotAttempted = inputs - tally.Records,
        };
    }
}
