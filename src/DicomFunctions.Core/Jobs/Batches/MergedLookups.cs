using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// Answers lookups of several instances of one series (study, series and SOP instance UID, nothing else) from one request for the
/// instances of the series, sent when the first lookup is due. If the job collapses to studies, from one for the whole study.
/// </summary>
/// <remarks>
/// The request is limited unless the job asks for collapsing: fetching a series of thousands would cost more than it saves. It answers a
/// lookup only beyond doubt: either a row has the three UIDs of the lookup, or the answer is complete, all of its rows have three UIDs,
/// and none is the lookup's. Any other lookup is searched for on its own, so that no record differs from what it would have been.
/// </remarks>
internal sealed class MergedLookups
{
    private const int MaxRowsPerLookup = 32;
    private const string StudyKey = "StudyInstanceUID";
    private const string SeriesKey = "SeriesInstanceUID";
    private const string SopKey = "SOPInstanceUID";

    private readonly IDicomStoreClient _client;
    private readonly Collapse _collapse;
    private readonly WorkerRun _run;
    private readonly Dictionary<(DicomStorePath Store, string Study, string? Series), Group> _groups = [];

    public MergedLookups(IDicomStoreClient client, IReadOnlyList<SearchInput> inputs, Collapse collapse, WorkerRun run)
    {
        (_client, _collapse, _run) = (client, collapse, run);
        Dictionary<(DicomStorePath, string, string?), DicomJsonUids> firsts = [];
        foreach (var input in inputs)
        {
            if (input.Request is not { } request || Identify(request) is not { } lookup)
                continue;
            var key = (request.Store, lookup.Study!, Series(lookup));
            if (firsts.TryAdd(key, lookup))
                continue;
            if (!_groups.TryGetValue(key, out var group))
                _groups.Add(key, group = new Group(request, lookup.Study!, Series(lookup)) { Wanted = { firsts[key] } });
            group.Wanted.Add(lookup);
        }
    }

    /// <summary>Answers an input from its group's request; null if it has no group or the answer leaves the lookup open.</summary>
    public ValueTask<QidoOutcome?> TryAnswerAsync(SearchInput input, IDicomJsonSink sink, CancellationToken cancellationToken) =>
        _groups.Count > 0 && Identify(input.Request!) is { } lookup
        && _groups.TryGetValue((input.Request!.Store, lookup.Study!, Series(lookup)), out var group) && group.Wanted.Count > 1
            ? AnswerAsync(group, lookup, sink, cancellationToken)
            : default;

    private async ValueTask<QidoOutcome?> AnswerAsync(
        Group group, DicomJsonUids lookup, IDicomJsonSink sink, CancellationToken cancellationToken)
    {
        // The attempts count for the lookup that sent the request.
        var attempts = 0;
        while (group.Answer is null)
        {
            if (group.Asking is { } asking)
                await _run.AsideAsync(asking).ConfigureAwait(false);
            else
                attempts = await AskAsync(group, cancellationToken).ConfigureAwait(false);
        }

        if (group.Rows.TryGetValue(lookup, out var row))
        {
            await sink.WriteAsync(row, cancellationToken).ConfigureAwait(false);
            return new QidoOutcome { Success = true, Status = OutcomeStatus.Of(200), Attempts = attempts };
        }

        return group.HasNoOther ? new QidoOutcome { Success = true, Status = OutcomeStatus.Of(204), Attempts = attempts } : null;
    }

    /// <summary>The series to search; null for the whole study.</summary>
    private string? Series(DicomJsonUids lookup) => _collapse == Collapse.Study ? null : lookup.Series;

    /// <summary>Sends the group's request and returns the number of attempts. If it fails, the next lookup sends it again.</summary>
    private async ValueTask<int> AskAsync(Group group, CancellationToken cancellationToken)
    {
        var asking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        group.Asking = asking.Task;
        group.Limit = _collapse == Collapse.None ? MaxRowsPerLookup * group.Wanted.Count : null;
        KeyValuePair<string, string> study = new(StudyKey, group.Study);
        var request = group.First with
        {
            Parameters = group.Series is null ? [study] : [study, new(SeriesKey, group.Series)],
            Limit = group.Limit,
        };
        try
        {
            var answer = await _client.SearchAsync(request, group, cancellationToken).ConfigureAwait(false);
            group.Answer = answer;
            return answer.Attempts;
        }
        finally
        {
            group.Asking = null;
            asking.SetResult();
        }
    }

    /// <summary>The UIDs of a plain lookup; null for any other search.</summary>
    private static DicomJsonUids? Identify(QidoRequest request)
    {
        if (request is not { Level: QidoLevel.Instances, Limit: null, Offset: 0, Parameters.Count: 3 })
            return null;
        string? study = null, series = null, sop = null;
        foreach (var (name, value) in request.Parameters)
        {
            if (!DicomUid.IsValid(value))
                return null;
            if (name == StudyKey)
                study = value;
            else if (name == SeriesKey)
                series = value;
            else if (name == SopKey)
                sop = value;
        }

        var uids = new DicomJsonUids(study, series, sop);
        return uids.AreComplete ? uids : null;
    }

    private sealed class Group(QidoRequest first, string study, string? series) : IDicomJsonSink
    {
        private long _received;
        private bool _isAllUnderstood = true;

        public QidoRequest First => first;

        public string Study => study;

        public string? Series => series;

        /// <summary>The most rows to ask for; null for all.</summary>
        public long? Limit { get; set; }

        public HashSet<DicomJsonUids> Wanted { get; } = [];

        public Dictionary<DicomJsonUids, byte[]> Rows { get; } = [];

        public QidoOutcome? Answer { get; set; }

        /// <summary>Completes once the request in flight is answered or has failed; null if none is in flight.</summary>
        public Task? Asking { get; set; }

        /// <summary>Whether the answer held every instance, so that a lookup without a row in <see cref="Rows"/> has no match.</summary>
        public bool HasNoOther => Answer is { Success: true } && _isAllUnderstood && (Limit is null || _received < Limit);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
        {
            _received++;
            var uids = DicomJsonUids.Read(dataset.Span);
            _isAllUnderstood &= uids.AreComplete;
            if (Wanted.Contains(uids))
                Rows.TryAdd(uids, dataset.ToArray());
            return ValueTask.CompletedTask;
        }
    }
}
