using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Records;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>Works a batch of files: opens each, sends small ones of one store together, and writes their records in order.</summary>
internal sealed class UploadBatch(
    JobContext jobs,
    IDicomStoreClient client,
    JobSources sources,
    StoreAllowList stores,
    UploadMemory memory,
    IOptions<DicomWebOptions> options)
{
    private static readonly SourceProblem NoStore = new("bad_destination", "There is no such destination.");

    public async Task RunAsync(
        JobSpec spec,
        IReadOnlyList<ReadOnlyMemory<byte>> lines,
        BlockWriter output,
        BatchTally tally,
        RunLimit limit,
        CancelWatch cancel,
        CancellationToken cancellationToken)
    {
        using var group = new Group();
        foreach (var line in lines)
        {
            if (tally.Records + group.Items.Count > 0 && limit.IsReached)
                break;
            if (await cancel.IsCancelledAsync(cancellationToken).ConfigureAwait(false))
                return;
            await TakeAsync(spec, line, group, output, tally, cancel).ConfigureAwait(false);
        }

        await SendAsync(group, output, tally, cancel).ConfigureAwait(false);
    }

    private async Task TakeAsync(
        JobSpec spec,
        ReadOnlyMemory<byte> line,
        Group group,
        BlockWriter output,
        BatchTally tally,
        CancelWatch cancel)
    {
        var started = jobs.Time.GetTimestamp();
        var input = UploadInput.Parse(line.Span);
        var (store, problem) = Destination(input, spec);
        UploadFile? file = null;
        if (problem is null)
        {
            (file, problem) = await UploadFile.OpenAsync(
                token => sources.OpenAsync(spec.Id, input.Source, token), input, options.Value.MultipartMaxBytes, memory, cancel.Token)
                .ConfigureAwait(false);
        }

        try
        {
            if (file is not null && !group.MayTake(store!, file.Length, options.Value.MultipartMaxBytes))
                await SendAsync(group, output, tally, cancel).ConfigureAwait(false);
        }
        catch
        {
            file?.Dispose();
            throw;
        }

        group.Add(new Item(input.Source, file, problem, started), store);
    }

    private (DicomStorePath? Store, SourceProblem? Problem) Destination(UploadInput input, JobSpec spec)
    {
        if (!DicomStorePath.TryParse(input.Store ?? spec.Destination, out var store))
            return (null, input.Problem ?? NoStore);
        return stores.Allows(store) ? (store, null) : (store, new SourceProblem("forbidden", StoreAllowList.Refusal));
    }

    private async Task SendAsync(Group group, BlockWriter output, BatchTally tally, CancelWatch cancel)
    {
        var files = group.Items.Where(item => item.File is not null).Select(item => (StowInstance)item.File!).ToList();
        IReadOnlyList<StowOutcome> outcomes = [];
        if (files.Count > 0)
            outcomes = await StoreAsync(group.Store!, files, cancel.Token).ConfigureAwait(false);
        var next = 0;
        foreach (var item in group.Items)
        {
            var outcome = item.File is null ? NotSent(item.Problem!) : outcomes[next++];
            var extras = new RecordExtras
            {
                Attempts = outcome.Attempts,
                ElapsedMs = (long)jobs.Time.GetElapsedTime(item.Started).TotalMilliseconds,
            };
            UploadRecord.Write(output, item.Source, item.File?.Header, outcome, extras);
            tally.Add(outcome.Success, outcome.Status, outcome.Attempts, item.File?.Length ?? 0);
            output.Mark();
            // Not to be cut short: the files have been sent.
            await output.FlushIfFullAsync(CancellationToken.None).ConfigureAwait(false);
        }

        group.Clear();
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
            // A client that was registered in place of ours may throw anything; its batch still has a record per file.
            var text = $"The client failed: {exception.GetType().Name}.";
            var failed = new StowOutcome { Success = false, Status = OutcomeStatus.Of(text), Error = new StowError { Reason = text } };
            return [.. files.Select(_ => failed)];
        }
    }

    private static StowOutcome NotSent(SourceProblem problem) => new()
    {
        Success = false,
        Status = OutcomeStatus.Of(problem.Message),
        Error = new StowError { Word = problem.Code, Reason = problem.Message },
    };

    private sealed record Item(string Source, UploadFile? File, SourceProblem? Problem, long Started);

    /// <summary>Inputs waiting to be sent together, and those between them that can not be sent at all.</summary>
    private sealed class Group : IDisposable
    {
        private readonly List<Item> _items = [];
        private long _bytes;

        public List<Item> Items => _items;

        public DicomStorePath? Store { get; private set; }

        public bool MayTake(DicomStorePath store, long bytes, long maxBytes) =>
            Store is null || (store == Store && _bytes + bytes <= maxBytes);

        public void Add(Item item, DicomStorePath? store)
        {
            _items.Add(item);
            if (item.File is null)
                return;
            Store = store;
            _bytes += item.File.Length;
        }

        public void Clear()
        {
            Dispose();
            _items.Clear();
            (Store, _bytes) = (null, 0);
        }

        public void Dispose()
        {
            foreach (var item in _items)
                item.File?.Dispose();
        }
    }
}
