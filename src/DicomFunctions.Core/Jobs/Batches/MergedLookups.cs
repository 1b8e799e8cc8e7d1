using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// Answers lookups of several instances of one series (study, series and SOP instance UID, nothing else) from one request for the
/// series' instances, made when the first of them is due.
/// </summary>
/// <remarks>
/// The request is bounded: a series of thousands would cost more than it saves. Where the bound was reached, or the request failed,
/// what it did not answer is searched for on its own, so that every record is what it would have been.
/// </remarks>
internal sealed class MergedLookups
{
    private const int MaxRowsPerLookup = 32;

    private static readonly string[] Keys = ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"];

    private readonly IDicomStoreClient _client;
    private readonly Dictionary<(DicomStorePath Store, string Study, string Series), Group> _groups = [];

    public MergedLookups(IDicomStoreClient client, IReadOnlyList<SearchInput> inputs)
    {
        _client = client;
        foreach (var input in inputs)
        {
            if (input.Request is not { } request || Identify(request) is not var (study, series, sop) || sop is null)
                continue;
            var key = (request.Store, study, series);
            if (!_groups.TryGetValue(key, out var group))
                _groups.Add(key, group = new Group(request, study, series));
            group.Wanted.Add(sop);
        }
    }

    /// <summary>Answers an input from its group's request; null when it has none, or that does not tell.</summary>
    public async ValueTask<QidoOutcome?> TryAnswerAsync(SearchInput input, IDicomJsonSink sink, CancellationToken cancellationToken)
    {
        if (_groups.Count == 0 || Identify(input.Request!) is not var (study, series, sop) || sop is null)
            return null;
        var group = _groups[(input.Request!.Store, study, series)];
        if (group.Wanted.Count < 2)
            return null;
        group.Answer ??= await AskAsync(group, cancellationToken).ConfigureAwait(false);
        if (group.Rows.TryGetValue(sop, out var row))
        {
            await sink.WriteAsync(row, cancellationToken).ConfigureAwait(false);
            return new QidoOutcome { Success = true, Status = OutcomeStatus.Of(200), Attempts = group.Answer.Value.Attempts };
        }

        return group.IsWhole ? new QidoOutcome { Success = true, Status = OutcomeStatus.Of(204), Attempts = group.Answer.Value.Attempts } : null;
    }

    private async ValueTask<QidoOutcome> AskAsync(Group group, CancellationToken cancellationToken)
    {
        var request = group.First with
        {
            Parameters = [new(Keys[0], group.Study), new(Keys[1], group.Series)],
            Limit = MaxRowsPerLookup * group.Wanted.Count,
        };
        return await _client.SearchAsync(request, group, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The UIDs of a plain lookup; null when the search is anything else.</summary>
    private static (string Study, string Series, string Sop)? Identify(QidoRequest request)
    {
        if (request is not { Level: QidoLevel.Instances, Limit: null, Offset: 0, Parameters.Count: 3 })
            return null;
        var values = new string[Keys.Length];
        for (var i = 0; i < Keys.Length; i++)
        {
            var found = request.Parameters.FirstOrDefault(parameter => parameter.Key == Keys[i]).Value;
            if (found is null || !DicomUid.IsValid(found))
                return null;
            values[i] = found;
        }

        return (values[0], values[1], values[2]);
    }

    private sealed class Group(QidoRequest first, string study, string series) : IDicomJsonSink
    {
        private long _received;

        public QidoRequest First => first;

        public string Study => study;

        public string Series => series;

        public HashSet<string> Wanted { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, byte[]> Rows { get; } = new(StringComparer.Ordinal);

        public QidoOutcome? Answer { get; set; }

        /// <summary>Every instance of the series was in the answer.</summary>
        public bool IsWhole => Answer is { Success: true } && _received < (long)MaxRowsPerLookup * Wanted.Count;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
        {
            _received++;
            if (DicomJsonUid.Find(dataset.Span, "00080018"u8) is { } uid && Wanted.Contains(uid))
                Rows[uid] = dataset.ToArray();
            return ValueTask.CompletedTask;
        }
    }
}
