using System.Buffers.Binary;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>Reads the offsets of a leg's batches from the index.</summary>
internal sealed class PlanLeg(JobContext jobs) : IActivity<LegRequest, LegPlan>
{
    public async Task<LegPlan> RunAsync(LegRequest input, CancellationToken cancellationToken)
    {
        var plan = input.Plan;
        var first = input.FirstBatch * plan.BatchSize;
        var end = Math.Min(first + ((long)plan.LegBatches * plan.BatchSize), plan.Inputs);
        var range = new ObjectRange(first * sizeof(long), (end - first + 1) * sizeof(long));
        var index = await jobs.Store.OpenReadAsync(new JobFiles(input.JobId).InputIndex, range, ifMatch: null, cancellationToken)
            .ConfigureAwait(false) ?? throw new ObjectStoreException("The index of the job's inputs is missing.");
        await using (index.ConfigureAwait(false))
        {
            var bytes = new byte[range.Length!.Value];
            await index.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            List<long> offsets = [];
            for (var i = first; i < end; i += plan.BatchSize)
                offsets.Add(At(i));
            offsets.Add(At(end));
            return new LegPlan { Offsets = offsets };

            long At(long input) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan((int)((input - first) * sizeof(long))));
        }
    }
}
