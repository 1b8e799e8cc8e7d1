using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// Retrieves the files of one input. A search says first which must come; what earlier executions have stored is kept, and only the rest
/// is asked for.
/// </summary>
internal sealed class InstanceRetrieval
{
    private readonly IDicomStoreClient _client;
    private readonly RetrievedPlace _place;
    private readonly RetrieveRequest _request;
    private readonly RetrievalProgress _progress;
    private readonly RecordRows _rows;
    private readonly WorkerRun _run;
    private readonly InstanceIntake _intake;
    private readonly List<RetrievedFile> _files = [];
    private bool _isAsking;
    private int _attempts;

    public InstanceRetrieval(
        IDicomStoreClient client,
        RetrievedPlace place,
        RetrieveRequest request,
        RetrievalProgress progress,
        RecordRows rows,
        WorkerRun run)
    {
        (_client, _place, _request, _progress, _rows, _run) = (client, place, request, progress, rows, run);
        _intake = new InstanceIntake(place, request, AddAsync);
    }

    /// <summary>Whether a search has said what must come.</summary>
    public bool IsVerified { get; private set; }

    /// <exception cref="InputUnfinishedException">The time is up, and what was retrieved is saved.</exception>
    public async ValueTask<RetrieveOutcome> RunAsync()
    {
        var (search, expected) = await FindExpectedAsync().ConfigureAwait(false);
        if (!search.Success && !IsAnswer(search.Status))
            return Failed(search.Status, search.Error);
        IsVerified = expected is not null;
        await KeepStoredAsync().ConfigureAwait(false);
        RetrieveOutcome? outcome = null;
        if (expected is null || _files.Count == 0)
            outcome = await AskAsync(_request with { StartsOver = expected is null }).ConfigureAwait(false);
        if (expected is not null && _files.Count > 0)
        {
            foreach (var request in RequestsForMissing(expected))
            {
                outcome = await AskAsync(request).ConfigureAwait(false);
                if (!outcome.Success && !IsAnswer(outcome.Status))
                    break;
            }
        }

        return Outcome(outcome, expected, Missing(expected));
    }

    /// <summary>Requests for what is missing: first for each series of which nothing has come, then for each instance.</summary>
    private IEnumerable<RetrieveRequest> RequestsForMissing(HashSet<(string Series, string SopInstance)> expected)
    {
        var series = _request.SeriesUid is not null ? [] : expected.GroupBy(instance => instance.Series)
            .Where(instances => instances.Count() > 1 && !instances.Any(_intake.Has))
            .Select(instances => instances.Key).ToList();
        foreach (var uid in series)
            yield return _request with { SeriesUid = uid, StartsOver = false };
        foreach (var (uid, sopInstance) in Missing(expected))
            yield return _request with { SeriesUid = uid, SopInstanceUid = sopInstance };
    }

    private RetrieveOutcome Outcome(
        RetrieveOutcome? last, HashSet<(string Series, string SopInstance)>? expected, List<(string Series, string SopInstance)> missing)
    {
        if (_intake.Problem is { } problem)
            return Failed(problem, error: null);
        if (expected is not null && missing.Count == 0 && expected.Count > 0)
            return new RetrieveOutcome { Success = true, Status = OutcomeStatus.Of(200), Attempts = _attempts };
        if (last is { Success: false })
            return Failed(last.Status, last.Error);
        if (missing.Count > 0)
        {
            var text = $"The server left out {missing.Count} of {expected!.Count} instances.";
            return Failed(OutcomeStatus.Of(FailureCode.Incomplete, text), error: null);
        }

        return new RetrieveOutcome { Success = true, Status = last?.Status ?? OutcomeStatus.Of(200), Attempts = _attempts };
    }

    private RetrieveOutcome Failed(OutcomeStatus status, ServerError? error) =>
        new() { Success = false, Status = status, Partial = _files.Count > 0, Attempts = _attempts, Error = error };

    private List<(string Series, string SopInstance)> Missing(HashSet<(string Series, string SopInstance)>? expected) =>
        expected is null ? [] : [.. expected.Where(instance => !_intake.Has(instance))];

    private async ValueTask<RetrieveOutcome> AskAsync(RetrieveRequest request)
    {
        _isAsking = true;
        var outcome = await _client.RetrieveInstancesAsync(request, _intake, _run.Token).ConfigureAwait(false);
        _attempts += outcome.Attempts;
        return outcome;
    }

    /// <summary>Whether a status is the server's answer to a request, rather than trouble that would befall the next one too.</summary>
    private static bool IsAnswer(OutcomeStatus status) => status.Code is >= 400 and < 500 and not (401 or 408 or 425 or 429) or 501;

    /// <summary>Searches for the instances. The set is null if the server does not say.</summary>
    private async ValueTask<(QidoOutcome Search, HashSet<(string Series, string SopInstance)>? Expected)> FindExpectedAsync()
    {
        var found = new FoundInstances(_request.StudyUid);
        List<KeyValuePair<string, string>> parameters = [new("StudyInstanceUID", _request.StudyUid)];
        if (_request.SeriesUid is { } series)
            parameters.Add(new("SeriesInstanceUID", series));
        if (_request.SopInstanceUid is { } sopInstance)
            parameters.Add(new("SOPInstanceUID", sopInstance));
        var request = new QidoRequest { Store = _request.Store, Level = QidoLevel.Instances, Parameters = parameters };
        var outcome = await _client.SearchAsync(request, found, _run.Token).ConfigureAwait(false);
        _attempts += outcome.Attempts;
        return (outcome, outcome.Success && found.AreAllUnderstood ? found.Instances : null);
    }

    /// <summary>Takes over what earlier executions have stored. Files that are not in the saved progress are read again.</summary>
    private async Task KeepStoredAsync()
    {
        var saved = await _progress.ReadAsync(_run.Token).ToDictionaryAsync(file => file.Name, StringComparer.Ordinal, _run.Token)
            .ConfigureAwait(false);
        await foreach (var stored in _place.Store.ListAsync(_place.PrefixOf(_request), _run.Token).ConfigureAwait(false))
        {
            if (saved.TryGetValue(stored.Name, out var file) && file.Bytes == stored.Length)
                await _intake.KeepAsync(file, _run.Token).ConfigureAwait(false);
            else
                await _intake.KeepAsync(stored, _run.Token).ConfigureAwait(false);
        }
    }

    private async ValueTask AddAsync(RetrievedFile file, CancellationToken cancellationToken)
    {
        _files.Add(file);
        await _rows.WriteAsync(file.ToJson(_place.Shown(file.Name)), cancellationToken).ConfigureAwait(false);
        // Only after a new file: each run brings the input forward. And only if the next run can ask for the rest alone.
        if (!_isAsking || !IsVerified || !_run.IsTimeUp)
            return;
        await _progress.SaveAsync(_files, cancellationToken).ConfigureAwait(false);
        throw new InputUnfinishedException();
    }

    /// <summary>Collects the instances that a search finds.</summary>
    private sealed class FoundInstances(string study) : IDicomJsonSink
    {
        public HashSet<(string Series, string SopInstance)> Instances { get; } = [];

        public bool AreAllUnderstood { get; private set; } = true;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
        {
            var uids = DicomJsonUids.Read(dataset.Span);
            if (uids.AreComplete && uids.Study == study)
                Instances.Add((uids.Series!, uids.SopInstance!));
            else
                AreAllUnderstood = false;
            return ValueTask.CompletedTask;
        }
    }
}
