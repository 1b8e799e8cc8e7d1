using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Records;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>Uploads a batch of files. Small files for one store share a request.</summary>
internal sealed class UploadBatch(
    IDicomStoreClient client,
    JobSources sources,
    StoreAllowList stores,
    UploadMemory memory,
    IOptions<DicomWebOptions> options,
    TimeProvider time)
{
    private static readonly SourceProblem NoStore = new(FailureCode.BadDestination, "There is no such destination.");

    /// <param name="spec">The job.</param>
    /// <param name="lines">The inputs. None is read after the method returns.</param>
    /// <param name="run">The run they belong to.</param>
    /// <param name="cancellationToken">The activity's token.</param>
    public async Task RunAsync(JobSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> lines, WorkerRun run, CancellationToken cancellationToken)
    {
        var group = new Group();
        try
        {
            foreach (var line in lines)
            {
                if (!await run.TryTakeTurnAsync(cancellationToken).ConfigureAwait(false))
                    break;
                var (item, store) = await OpenAsync(spec, line, run.Token).ConfigureAwait(false);
                if (item.File is { } file && !group.MayTake(store!, file, options.Value.MultipartMaxBytes))
                {
                    Begin(group, run);
                    group = new Group();
                }

                group.Add(item, store);
                // Nothing can join it, and its source may be open.
                if (item.File is { Length: null })
                {
                    Begin(group, run);
                    group = new Group();
                }
            }

            if (run.IsBrokenOff || group.Items.Count == 0)
                return;
            await run.TakeTurnAsync().ConfigureAwait(false);
            Begin(group, run);
            group = new Group();
        }
        finally
        {
            await group.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<(Item Item, DicomStorePath? Store)> OpenAsync(
        JobSpec spec, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var input = UploadInput.Parse(line.Span);
        var (store, problem) = Destination(input, spec);
        UploadFile? file = null;
        if (problem is null)
        {
            (file, problem) = await UploadFile.OpenAsync(
                token => sources.OpenAsync(spec.Id, input.Source, token), input, options.Value.MultipartMaxBytes, memory, cancellationToken)
                .ConfigureAwait(false);
        }

        return (new Item(input.Source, file, problem, started), store);
    }

    private (DicomStorePath? Store, SourceProblem? Problem) Destination(UploadInput input, JobSpec spec)
    {
        if (!DicomStorePath.TryParse(input.Store ?? spec.Destination, out var store))
            return (null, input.Problem ?? NoStore);
        return stores.Allows(store) ? (store, null) : (store, new SourceProblem(FailureCode.Forbidden, StoreAllowList.Refusal));
    }

    /// <summary>Sends a group after earlier ones with the same instances, then disposes it.</summary>
    private void Begin(Group group, WorkerRun run) =>
        run.Begin(
            async place =>
            {
                await using (group.ConfigureAwait(false))
                    await SendAsync(group, place, run.Token).ConfigureAwait(false);
            },
            group.Instances);

    private async Task SendAsync(Group group, RecordPlace output, CancellationToken cancellationToken)
    {
        var files = group.Items.Where(item => item.File is not null).Select(item => (StowInstance)item.File!).ToList();
        IReadOnlyList<StowOutcome> outcomes = [];
        if (files.Count > 0)
            outcomes = await StoreAsync(group.Store!, files, cancellationToken).ConfigureAwait(false);
        var next = 0;
        foreach (var item in group.Items)
        {
            var outcome = item.File is null ? NotSent(item.Problem!) : outcomes[next++];
            var extras = new RecordExtras
            {
                Attempts = outcome.Attempts,
                ElapsedMs = (long)time.GetElapsedTime(item.Started).TotalMilliseconds,
            };
            UploadRecord.Write(output, item.Source, item.File?.Header, outcome, extras);
            output.Add(outcome.FailureCode, outcome.Status, outcome.Attempts, item.File?.Bytes ?? 0);
        }
    }

    private async Task<IReadOnlyList<StowOutcome>> StoreAsync(
        DicomStorePath store, List<StowInstance> files, CancellationToken cancellationToken)
    {
        try
        {
            return await client.StoreAsync(store, files, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is not ObjectStoreException && !HostTrouble.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            // A custom client may throw anything; each file still gets its record.
            var text = $"The client failed: {exception.GetType().Name}.";
            var failed = new StowOutcome
            {
                Success = false,
                Status = OutcomeStatus.Of(FailureCode.ClientFailed, text),
                Error = new StowError { Reason = text },
            };
            return [.. files.Select(_ => failed)];
        }
    }

    private static StowOutcome NotSent(SourceProblem problem) => new()
    {
        Success = false,
        Status = OutcomeStatus.Of(problem.Code, problem.Message),
        Error = new StowError { Reason = problem.Message },
    };

    private sealed record Item(string Source, UploadFile? File, SourceProblem? Problem, long Started);

    /// <summary>Inputs that are sent together, and those between them that cannot be sent.</summary>
    private sealed class Group : IAsyncDisposable
    {
        private long _bytes;

        public List<Item> Items { get; } = [];

        public DicomStorePath? Store { get; private set; }

        /// <summary>The instances of the store that its files belong to.</summary>
        public IReadOnlyCollection<string> Instances =>
            [.. Items.Where(item => item.File is not null).SelectMany(item => item.File!.Uids).Select(uid => $"{Store}/{uid}").Distinct()];

        public bool MayTake(DicomStorePath store, UploadFile file, long maxBytes) =>
            Store is null || (store == Store && _bytes + file.Length <= maxBytes);

        public void Add(Item item, DicomStorePath? store)
        {
            Items.Add(item);
            if (item.File is null)
                return;
            Store = store;
            _bytes += item.File.Bytes;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var item in Items)
            {
                if (item.File is { } file)
                    await file.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
