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
            .ConfigureAwait(false) ?? throw new ObjectDamagedException("input.idx is missing.");
        await using (index.ConfigureAwait(false))
        {
            var bytes = new byte[range.Length!.Value];
            if (await index.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < bytes.Length)
                throw new ObjectDamagedException("input.idx is damaged: it ends early.");
            List<long> offsets = [];
            for (var i = first; i < end; i += plan.BatchSize)
                offsets.Add(At(i));
            offsets.Add(At(end));
            // What is skipped or asked for twice here would be without a record, or have two.
            if ((first == 0 && offsets[0] != 0) || offsets.Zip(offsets.Skip(1)).Any(pair => pair.First > pair.Second))
                throw new ObjectDamagedException("input.idx is damaged: its offsets are out of order.");
            if (end == plan.Inputs && At(end) != await LengthAsync(input.JobId, cancellationToken).ConfigureAwait(false))
                throw new ObjectDamagedException("input.ndjson or input.idx is damaged: one does not end where the other says.");
            return new LegPlan { Offsets = offsets };

            long At(long input) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan((int)((input - first) * sizeof(long))));
        }
    }

    private async Task<long?> LengthAsync(string id, CancellationToken cancellationToken) =>
        (await jobs.Store.GetPropertiesAsync(new JobFiles(id).Input, cancellationToken).ConfigureAwait(false))?.Length;
}
