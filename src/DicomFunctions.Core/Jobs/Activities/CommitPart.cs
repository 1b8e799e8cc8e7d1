using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>Joins a leg's blocks to its results file, in batch order, and writes where the job can go on from.</summary>
internal sealed class CommitPart(JobContext jobs) : IActivity<PartCommit, string>
{
    public async Task<string> RunAsync(PartCommit input, CancellationToken cancellationToken)
    {
        var files = new JobFiles(input.After.JobId);
        List<BlockId> blocks = [];
        for (var batch = 0; batch < input.Batches.Count; batch++)
        {
            var (execution, count) = (input.Batches[batch][0], input.Batches[batch][1]);
            for (var i = 0; i < count; i++)
                blocks.Add(new BlockId(batch, (uint)execution, i));
        }

        var part = files.Part(input.Part);
        await jobs.Store.CommitBlocksAsync(part, blocks, cancellationToken).ConfigureAwait(false);
        await jobs.WriteAsync(files.Checkpoint, input.After, JobJson.Default.JobState, cancellationToken).ConfigureAwait(false);
        return part;
    }
}
