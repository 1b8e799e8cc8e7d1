using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Records;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>Runs a batch of retrievals, one after another.</summary>
internal sealed class RetrieveBatch(
    IDicomStoreClient client, IObjectStore store, RetrievedPlaces places, StoreAllowList stores, TimeProvider time)
{
    /// <param name="spec">The job.</param>
    /// <param name="lines">The inputs. None is read after the method returns.</param>
    /// <param name="run">The run they belong to.</param>
    /// <param name="cancellationToken">The activity's token.</param>
    public async Task RunAsync(JobSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> lines, WorkerRun run, CancellationToken cancellationToken)
    {
        foreach (var line in lines)
        {
            if (!await run.TryTakeTurnAsync(cancellationToken).ConfigureAwait(false))
                return;
            var input = RetrieveInput.Parse(spec, line);
            // Retrievals of one study keep their order: they may bring the same files.
            var bringsFiles = input is { Request: not null, Type: RetrieveType.Instances };
            run.Begin(place => WriteAsync(spec, input, run, place), bringsFiles ? [input.Request!.StudyUid] : []);
        }
    }

    private async ValueTask WriteAsync(JobSpec spec, RetrieveInput input, WorkerRun run, RecordPlace output)
    {
        var started = time.GetTimestamp();
        if (input.Message is { Problem: not null } message)
        {
            message.WriteUnconverted(input.Line, output);
            return;
        }

        var rows = new RecordRows(output);
        rows.Begin(input.Message is null ? input.Line : input.Message.ToRequest(spec.Then).Span);
        RetrieveOutcome outcome;
        bool? isVerified = null;
        if (input.Request is not { } request)
        {
            outcome = new RetrieveOutcome { Success = false, Status = OutcomeStatus.Of(FailureCode.InvalidRequest, input.Problem!) };
        }
        else if (!stores.Allows(request.Store))
        {
            outcome = new RetrieveOutcome { Success = false, Status = OutcomeStatus.Of(FailureCode.Forbidden, StoreAllowList.Refusal) };
        }
        else if (input.Type == RetrieveType.Metadata)
        {
            outcome = await GuardAsync(
                () => client.RetrieveMetadataAsync(request, rows, run.Token), rows, run.Token).ConfigureAwait(false);
        }
        else
        {
            request = request with { TransferSyntax = spec.TransferSyntax ?? RetrieveRequest.AsStored };
            var progress = RetrievalProgress.Of(store, spec.Id, input.Line);
            var retrieval = new InstanceRetrieval(client, places.Of(spec), request, progress, rows, run);
            outcome = await GuardAsync(retrieval.RunAsync, rows, run.Token).ConfigureAwait(false);
            isVerified = retrieval.IsVerified;
        }

        var extras = (input.Message?.Extras ?? default) with
        {
            Attempts = outcome.Attempts,
            ElapsedMs = (long)time.GetElapsedTime(started).TotalMilliseconds,
        };
        RetrieveRecord.End(output, outcome, isVerified, extras);
        output.Add(outcome.FailureCode, outcome.Status, outcome.Attempts, output.BytesWritten);
    }

    private static async ValueTask<RetrieveOutcome> GuardAsync(
        Func<ValueTask<RetrieveOutcome>> retrieve, RecordRows rows, CancellationToken cancellationToken)
    {
        try
        {
            return await retrieve().ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is not (ObjectStoreException or InputUnfinishedException)
            && !HostTrouble.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            // A custom client may throw anything, which must not fail the other inputs.
            return new RetrieveOutcome
            {
                Success = false,
                Status = OutcomeStatus.Of(FailureCode.ClientFailed, $"The client failed: {exception.GetType().Name}."),
                Partial = rows.HasRows,
            };
        }
    }
}
