using System.Buffers;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>Works one batch of a job and stages its records, one per input, in their order.</summary>
internal sealed class RunBatch(JobContext jobs, SearchBatch search, UploadBatch upload) : IActivity<BatchRequest, BatchResult>
{
    public async Task<BatchResult> RunAsync(BatchRequest input, CancellationToken cancellationToken)
    {
        var spec = await jobs.GetSpecAsync(input.JobId, cancellationToken).ConfigureAwait(false);
        var files = new JobFiles(input.JobId);
        var slice = ArrayPool<byte>.Shared.Rent(checked((int)input.Length));
        try
        {
            var bytes = slice.AsMemory(0, (int)input.Length);
            await ReadAsync(files.Input, input.Offset, bytes, cancellationToken).ConfigureAwait(false);
            var lines = Lines(bytes);
            var execution = jobs.NewExecution();
            using var output = new BlockWriter(jobs.Store, files.Part(input.Part), input.Batch, execution, jobs.Options.BlockSize);
            var tally = new BatchTally();
            if (spec.Kind == JobKind.Upload)
                await upload.RunAsync(spec, lines, output, tally, cancellationToken).ConfigureAwait(false);
            else
                await search.RunAsync(spec, lines, output, tally, cancellationToken).ConfigureAwait(false);
            var blocks = await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return new BatchResult
            {
                Execution = execution,
                Blocks = blocks.Count,
                Counts = tally.ToCounts(),
                NotAttempted = lines.Count - tally.Records,
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(slice);
        }
    }

    private async Task ReadAsync(string name, long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        var stream = await jobs.Store.OpenReadAsync(name, new ObjectRange(offset, into.Length), ifMatch: null, cancellationToken)
            .ConfigureAwait(false) ?? throw new ObjectStoreException("The job's inputs are missing.");
        await using (stream.ConfigureAwait(false))
            await stream.ReadExactlyAsync(into, cancellationToken).ConfigureAwait(false);
    }

    private static List<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> bytes)
    {
        List<ReadOnlyMemory<byte>> lines = [];
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            lines.Add(bytes[..end]);
            bytes = bytes[(end + 1)..];
        }

        return lines;
    }
}
