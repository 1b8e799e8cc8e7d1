using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>
/// Processes inputs in batches, one request at a time, and stages their records in order, until none is left, the time is up, the job is
/// cancelled, or the host stops. Whatever ends it, all inputs before the first one broken off have their records.
/// </summary>
internal sealed class RunBatches(
    JobStore jobStore,
    IObjectStore store,
    SearchBatch search,
    UploadBatch upload,
    RetrieveBatch retrieve,
    JobOwners owners,
    DicomServer server,
    IOptions<JobOptions> options,
    TimeProvider time,
    Random random) : IReportingActivity<RunRequest, RunResult>
{
    public async Task<RunResult> RunAsync(RunRequest input, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        var spec = await jobStore.GetSpecAsync(input.JobId, cancellationToken).ConfigureAwait(false);
        if (owners.RefuseToSend(spec, server) is { } refusal)
            return new RunResult { Execution = 0, Blocks = 0, Worked = 0, Counts = new JobCounts(), Refusal = refusal };
        var files = new JobFiles(input.JobId);
        var execution = BlockId.NewExecution(random);
        var limit = new RunLimit(time, input.Limit ?? options.Value.ActivityTime, options.Value.ActivityTime);
        using var output = new BlockWriter(store, files.Part(input.Part), input.Block, execution, options.Value.BlockSize);
        var tally = new BatchTally(input.First);
        var isCancelled = false;
        var cancel = new CancelWatch(jobStore, input.JobId, time, cancellationToken);
        await using (cancel.ConfigureAwait(false))
        {
            try
            {
                await WorkAsync(spec, input, files, output, tally, limit, cancel, progress, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancel.IsCancelled || cancellationToken.IsCancellationRequested)
            {
                // Inputs in progress have no record: they count as not attempted, or another run takes them.
            }

            isCancelled = cancel.IsCancelled && tally.Records < input.Count;
        }

        // A host that stops still gets the records so far, if there are any.
        if (!isCancelled && tally.Records == 0)
            cancellationToken.ThrowIfCancellationRequested();
        output.Rewind();
        var blocks = await output.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
        var counts = tally.ToCounts();
        JobEndLog.Count(spec.Kind, counts);
        return new RunResult
        {
            Execution = execution,
            Blocks = blocks.Count,
            Worked = tally.Records,
            Counts = counts,
            ElapsedMs = (long)Math.Ceiling(limit.Elapsed.TotalMilliseconds),
            IsCancelled = isCancelled,
        };
    }

    private async Task WorkAsync(
        JobSpec spec,
        RunRequest input,
        JobFiles files,
        BlockWriter output,
        BatchTally tally,
        RunLimit limit,
        CancelWatch cancel,
        IProgress<JobProgress>? progress,
        CancellationToken cancellationToken)
    {
        var range = await InputRange.FindAsync(store, files, input.First, input.Count, spec.Inputs, cancellationToken)
            .ConfigureAwait(false);
        var run = new WorkerRun(output, tally, limit, cancel);
        await using (run.ConfigureAwait(false))
        {
            run.Enter();
            try
            {
                var slices = InputSlices.ReadAsync(store, files.Input, range.Offset, range.Length, cancellationToken);
                await BeginAsync(spec, input, slices, tally, limit, run, progress, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (run.IsBrokenOff)
            {
                // Inputs in progress end with their records, or tell why they were broken off.
            }

            await run.CompleteAsync().ConfigureAwait(false);
            progress?.Report(tally.ToProgress());
        }
    }

    /// <summary>Begins one input after another until the run's limit.</summary>
    private async Task BeginAsync(
        JobSpec spec,
        RunRequest input,
        IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> slices,
        BatchTally tally,
        RunLimit limit,
        WorkerRun run,
        IProgress<JobProgress>? progress,
        CancellationToken cancellationToken)
    {
        var inputs = 0L;
        await foreach (var lines in slices.ConfigureAwait(false))
        {
            inputs += lines.Count;
            foreach (var batch in lines.Chunk(spec.BufferSize))
            {
                await (spec switch
                {
                    { Kind: JobKind.Upload } => upload.RunAsync(spec, batch, run, cancellationToken),
                    { Kind: JobKind.Retrieve } or { Then: not FollowUp.Search } => retrieve.RunAsync(spec, batch, run, cancellationToken),
                    _ => search.RunAsync(spec, batch, run, cancellationToken),
                }).ConfigureAwait(false);
                progress?.Report(tally.ToProgress());
                limit.EndBatch();
                if (limit.IsReached || run.IsBrokenOff)
                    return;
            }
        }

        // A flipped bit can join two lines.
        if (inputs != input.Count)
            throw new ObjectDamagedException($"input.ndjson or input.idx is damaged: of {input.Count} inputs, {inputs} were found.");
    }
}
