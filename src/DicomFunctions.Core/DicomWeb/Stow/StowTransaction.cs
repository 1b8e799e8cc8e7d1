using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>
/// Stores a list of instances, small ones together. An instance whose outcome a shared answer leaves open is sent again alone, so that
/// every instance gets its own status and reason.
/// </summary>
internal sealed class StowTransaction(
    RequestSender sender, DicomWebUri uris, StowCapabilities capabilities, DicomWebOptions options, DicomStorePath store)
{
    private readonly Uri _target = uris.Studies(store);
    private readonly StoredCopy _stored = new(sender, uris, store);

    public async Task<IReadOnlyList<StowOutcome>> RunAsync(IReadOnlyList<StowInstance> instances, CancellationToken cancellationToken)
    {
        var entries = instances.Select(instance => new Entry(instance)).ToArray();
        for (var pending = entries; pending.Length > 0; pending = [.. pending.Where(entry => entry.Outcome is null)])
        {
            var group = NextGroup(pending);
            if (group.Count == 1)
                await StoreAloneAsync(group[0], cancellationToken).ConfigureAwait(false);
            else
                await StoreTogetherAsync(group, cancellationToken).ConfigureAwait(false);
        }

        return [.. entries.Select(entry => entry.Outcome!)];
    }

    /// <summary>
    /// The first pending instance and those after it that may share its request: within the limits, with UIDs, and without duplicate UIDs,
    /// which the answer could not tell apart, since it names no series.
    /// </summary>
    private List<Entry> NextGroup(Entry[] pending)
    {
        List<Entry> group = [];
        HashSet<string> identities = [];
        var bytes = 0L;
        foreach (var entry in pending)
        {
            if (group.Count > 0 && !MayJoin(entry))
            {
                if (!entry.Uids.Any(identities.Contains))
                    break;
                // No later instance with one of its UIDs may overtake it.
                identities.UnionWith(entry.Uids);
                continue;
            }

            group.Add(entry);
            bytes += entry.Instance.Length ?? 0;
            if (entry.IsNameless || entry.MustGoAlone || entry.Instance.Length is null || bytes > options.MultipartMaxBytes)
                break;
            identities.UnionWith(entry.Uids);
        }

        return group;

        bool MayJoin(Entry entry) =>
            !entry.MustGoAlone
            && !entry.IsNameless
            && group.Count < options.MultipartMaxInstances
            && bytes + entry.Instance.Length <= options.MultipartMaxBytes
            && !entry.Uids.Any(identities.Contains);
    }

    private async Task StoreTogetherAsync(List<Entry> group, CancellationToken cancellationToken)
    {
        var (answer, exchange) = await SendAsync(group, multipart: true, cancellationToken).ConfigureAwait(false);
        foreach (var entry in group)
        {
            entry.MustGoAlone = true;
            var verdict = exchange.VerdictOf(entry.Instance);
            var isFinal = verdict.Fate switch
            {
                StowFate.Stored => true,
                StowFate.Failed => verdict.SaysItExists
                    || (verdict.Item!.FailureReason is { } reason && !FailureReason.IsTransient(reason)),
                _ => IsForAll(answer) && !exchange.SourceFailed,
            };
            if (isFinal)
                entry.Outcome = await OutcomeAsync(entry, answer, exchange, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StoreAloneAsync(Entry entry, CancellationToken cancellationToken)
    {
        // Read only once, since another transaction may change it meanwhile.
        var multipart = capabilities.OnlyMultipart;
        var (answer, exchange) = await SendAsync([entry], multipart, cancellationToken).ConfigureAwait(false);
        if (answer.Status.Code == 415 && !multipart)
        {
            (answer, exchange) = await SendAsync([entry], multipart: true, cancellationToken).ConfigureAwait(false);
            capabilities.OnlyMultipart = answer.Status.Code != 415;
        }

        entry.Outcome = await OutcomeAsync(entry, answer, exchange, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(RequestOutcome Answer, StowExchange Exchange)> SendAsync(
        List<Entry> group, bool multipart, CancellationToken cancellationToken)
    {
        var exchange = new StowExchange(_target, [.. group.Select(entry => entry.Instance)], multipart);
        var answer = await sender.SendAsync(exchange, cancellationToken).ConfigureAwait(false);
        foreach (var entry in group)
            entry.Attempts += exchange.Attempts;
        return (answer, exchange);
    }

    private async Task<StowOutcome> OutcomeAsync(
        Entry entry, RequestOutcome answer, StowExchange exchange, CancellationToken cancellationToken)
    {
        var verdict = exchange.VerdictOf(entry.Instance);
        StowOutcome outcome;
        if (verdict.SaysItExists || SaysItExists(answer))
        {
            var difference = await _stored.FindDifferenceAsync(entry.Instance, cancellationToken).ConfigureAwait(false);
            outcome = difference is null
                ? StowOutcomes.Stored(verdict.Item) with { AlreadyStored = true }
                : StowOutcomes.Conflict(verdict.Item, difference, answer);
        }
        else
        {
            outcome = verdict.Fate switch
            {
                StowFate.Stored => StowOutcomes.Stored(verdict.Item),
                StowFate.Failed => StowOutcomes.Failed(verdict.Item!, answer),
                _ => StowOutcomes.Unconfirmed(exchange.Response, answer),
            };
        }

        return outcome with { Attempts = entry.Attempts };
    }

    /// <summary>A refusal without any list applies to the only instance sent.</summary>
    private static bool SaysItExists(RequestOutcome answer) =>
        answer.Status.Code == 409 && FailureReason.IsDuplicate(answer.Error?.Message);

    /// <summary>
    /// Whether a failure is not about any one instance, so that sending each alone would only repeat it: no answer, no permission, no
    /// store, or a failing server.
    /// </summary>
    private static bool IsForAll(RequestOutcome answer) =>
        !answer.Success && answer.Status.Code is 0 or 401 or 403 or 404 or 408 or 425 or 429 or >= 500;

    private sealed class Entry(StowInstance instance)
    {
        public StowInstance Instance => instance;

        /// <summary>The UIDs by which the answer may name it.</summary>
        public IReadOnlyList<string> Uids { get; } = [.. instance.Uids];

        public bool IsNameless => Uids.Count == 0;

        public bool MustGoAlone { get; set; }

        public int Attempts { get; set; }

        public StowOutcome? Outcome { get; set; }
    }
}
