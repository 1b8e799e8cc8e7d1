using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>Runs a batch of searches, one after another. Lookups of instances of one series share a request.</summary>
internal sealed class SearchBatch(IDicomStoreClient client, StoreAllowList stores, TimeProvider time)
{
    /// <param name="spec">The job.</param>
    /// <param name="lines">The inputs. None is read after the method returns.</param>
    /// <param name="run">The run they belong to.</param>
    /// <param name="cancellationToken">The activity's token.</param>
    public async Task RunAsync(JobSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> lines, WorkerRun run, CancellationToken cancellationToken)
    {
        var inputs = lines.Select(line => SearchInput.Parse(spec.Kind, line)).ToList();
        var lookups = new MergedLookups(client, inputs, spec.Collapse, run);
        foreach (var input in inputs)
        {
            if (!await run.TryTakeTurnAsync(cancellationToken).ConfigureAwait(false))
                return;
            run.Begin(place => WriteAsync(input, lookups, place, run.Token));
        }
    }

    private async ValueTask WriteAsync(SearchInput input, MergedLookups lookups, RecordPlace output, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (input.Message is { Problem: not null } message)
        {
            message.WriteUnconverted(input.Line.Span, output);
            return;
        }

        var sink = new RecordRows(output);
        sink.Begin(input.Message is null ? input.Line.Span : input.Message.ToRequest(FollowUp.Search).Span);
        var outcome = await SearchAsync(input, lookups, sink, cancellationToken).ConfigureAwait(false);
        var extras = (input.Message?.Extras ?? default) with
        {
            Attempts = outcome.Attempts,
            ElapsedMs = (long)time.GetElapsedTime(started).TotalMilliseconds,
        };
        sink.Record.End(outcome, extras);
        output.Add(outcome.FailureCode, outcome.Status, outcome.Attempts, output.BytesWritten);
    }

    private async ValueTask<QidoOutcome> SearchAsync(
        SearchInput input, MergedLookups lookups, RecordRows sink, CancellationToken cancellationToken)
    {
        if (input.Request is not { } request)
            return new QidoOutcome { Success = false, Status = OutcomeStatus.Of(FailureCode.InvalidRequest, input.Problem!) };
        if (!stores.Allows(request.Store))
            return new QidoOutcome { Success = false, Status = OutcomeStatus.Of(FailureCode.Forbidden, StoreAllowList.Refusal) };
        try
        {
            return await lookups.TryAnswerAsync(input, sink, cancellationToken).ConfigureAwait(false)
                ?? await client.SearchAsync(request, sink, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is not ObjectStoreException && !HostTrouble.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            // A custom client may throw anything, which must not fail the other inputs.
            return new QidoOutcome
            {
                Success = false,
                Status = OutcomeStatus.Of(FailureCode.ClientFailed, $"The client failed: {exception.GetType().Name}."),
                Partial = sink.HasRows,
            };
        }
    }
}
