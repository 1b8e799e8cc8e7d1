using System.Text.Json;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Expansion;

/// <summary>
/// Expands a job's sources into its inputs, run by run. A run stages its lines as blocks and leaves a cursor for the next; a last one
/// commits the blocks of all runs. Each is named by its execution, so that a run that executes twice does no harm.
/// </summary>
internal sealed class SourceExpansion(
    JobStore jobStore, IObjectStore store, SourceCatalog sources, IOptions<JobOptions> options, TimeProvider time, Random random)
{
    /// <summary>Runs once, and returns the plan so far.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="at">The run to continue; null for the first.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    public async Task<JobPlan> RunAsync(JobSpec spec, ExpansionPoint? at, CancellationToken cancellationToken)
    {
        var files = new JobFiles(spec.Id);
        var from = at is null ? new ExpansionCursor() : await ReadAsync(files.Expansion(at), cancellationToken).ConfigureAwait(false);
        if (from.Before is { } before)
            await store.DeleteAsync(before, ifMatch: null, cancellationToken).ConfigureAwait(false);
        if (from.IsWhole)
        {
            await CommitAsync(files, from, cancellationToken).ConfigureAwait(false);
            return JobPlan.For(spec, from.Inputs, options.Value);
        }

        var execution = BlockId.NewExecution(random);
        var to = await RunAsync(spec, from, execution, cancellationToken).ConfigureAwait(false);
        var plan = JobPlan.For(spec, to.Inputs, options.Value);
        if (to is { IsWhole: true, Runs: 1 })
            return plan;
        var point = new ExpansionPoint(from.Runs, execution);
        using var content = new MemoryStream(
            JsonSerializer.SerializeToUtf8Bytes(
                to with { Before = at is null ? null : files.Expansion(at) }, ExpansionJson.Default.ExpansionCursor),
            writable: false);
        await store.PutAsync(files.Expansion(point), content, PutCondition.Always, CancellationToken.None).ConfigureAwait(false);
        return plan with { Expansion = point };
    }

    private async Task<ExpansionCursor> RunAsync(
        JobSpec spec, ExpansionCursor from, uint execution, CancellationToken cancellationToken)
    {
        var limit = new RunLimit(time, options.Value.ActivityTime);
        var cancel = new CancelWatch(jobStore, spec.Id, time, cancellationToken);
        await using (cancel.ConfigureAwait(false))
        {
            using var run = new ExpansionRun(spec, from, store, sources, options.Value, limit, cancel, execution);
            return await run.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Commits the blocks of all runs: the index, then the inputs, so that inputs always have their index.</summary>
    private async Task CommitAsync(JobFiles files, ExpansionCursor cursor, CancellationToken cancellationToken)
    {
        List<BlockId> lines = [], index = [];
        for (var run = 0; run < cursor.Staged.Count; run++)
        {
            var (execution, lineBlocks, indexBlocks) = (cursor.Staged[run][0], cursor.Staged[run][1], cursor.Staged[run][2]);
            lines.AddRange(Enumerable.Range(0, (int)lineBlocks).Select(i => new BlockId(run, (uint)execution, i)));
            index.AddRange(Enumerable.Range(0, (int)indexBlocks).Select(i => new BlockId(run, (uint)execution, i)));
        }

        await store.CommitBlocksAsync(files.InputIndex, index, cancellationToken).ConfigureAwait(false);
        if (lines.Count > 0)
            await store.CommitBlocksAsync(files.Input, lines, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ExpansionCursor> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var content = await store.OpenReadAsync(name, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectDamagedException("The cursor of the expansion is missing.");
        await using (content.ConfigureAwait(false))
        {
            try
            {
                return await JsonSerializer.DeserializeAsync(content, ExpansionJson.Default.ExpansionCursor, cancellationToken)
                    .ConfigureAwait(false) is { } cursor && cursor.Staged.All(run => run is [>= 0, >= 0, >= 0])
                        ? cursor
                        : throw new JsonException();
            }
            catch (JsonException exception)
            {
                throw new ObjectDamagedException("The cursor of the expansion is damaged.", exception);
            }
        }
    }
}
