using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb.Http;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>
/// Stores a list of instances: small ones together, each settled on its own. What a shared answer does not confirm or explain is
/// sent again alone, so that every instance has a status and a reason of its own.
/// </summary>
internal sealed class StowTransaction(
    DicomWebSender sender, Uri target, StowCapabilities capabilities, DicomWebOptions options, DicomStorePath store)
{
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
    /// The first pending instance and those after it that may share its request: within the limits, identified, and no two of the
    /// same identity, since the answer could not tell them apart.
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
                if (entry.SopInstanceUid is { } uid && identities.Contains(uid))
                    continue;
                break;
            }

            group.Add(entry);
            bytes += entry.Instance.Length;
            if (entry.SopInstanceUid is not { } sopInstanceUid || entry.MustGoAlone || bytes > options.MultipartMaxBytes)
                break;
            identities.Add(sopInstanceUid);
        }

        return group;

        bool MayJoin(Entry entry) =>
            !entry.MustGoAlone
            && group.Count < options.MultipartMaxInstances
            && bytes + entry.Instance.Length <= options.MultipartMaxBytes
            && entry.SopInstanceUid is { } uid
            && !identities.Contains(uid);
    }

    private async Task StoreTogetherAsync(List<Entry> group, CancellationToken cancellationToken)
    {
        var (attempt, exchange) = await SendAsync(group, multipart: true, cancellationToken).ConfigureAwait(false);
        var response = exchange.Response;
        foreach (var entry in group)
        {
            entry.MustGoAlone = true;
            if (Find(response?.Stored, entry) is { } stored)
                entry.Outcome = Stored(entry, stored);
            else if (Find(response?.Failed, entry) is { FailureReason: { } reason } failed && !FailureReason.IsTransient(reason))
                entry.Outcome = Failed(entry, attempt, failed);
            else if (IsForAll(attempt) && !exchange.SourceFailed)
                entry.Outcome = Failed(entry, attempt, item: null);
        }
    }

    private async Task StoreAloneAsync(Entry entry, CancellationToken cancellationToken)
    {
        // Asked once: another transaction may learn of it while this one is under way.
        var multipart = capabilities.OnlyMultipart;
        var (attempt, exchange) = await SendAsync([entry], multipart, cancellationToken).ConfigureAwait(false);
        if (attempt.Status.Code == 415 && !multipart)
        {
            (attempt, exchange) = await SendAsync([entry], multipart: true, cancellationToken).ConfigureAwait(false);
            capabilities.OnlyMultipart = attempt.Status.Code != 415;
        }

        entry.Outcome = exchange.Response switch
        {
            { Stored: [var stored, ..] } => Stored(entry, stored),
            { Failed: [var failed, ..] } => Failed(entry, attempt, failed),
            _ => Failed(entry, attempt, item: null),
        };
    }

    private async Task<(Attempt Attempt, StowExchange Exchange)> SendAsync(
        List<Entry> group, bool multipart, CancellationToken cancellationToken)
    {
        var exchange = new StowExchange(target, [.. group.Select(entry => entry.Instance)], multipart);
        var attempt = await sender.SendAsync(store, exchange, cancellationToken).ConfigureAwait(false);
        foreach (var entry in group)
            entry.Attempts += exchange.Attempts;
        return (attempt, exchange);
    }

    /// <summary>
    /// A failure that says nothing of any one instance, so that sending each alone would only repeat it: no answer, no right, no store,
    /// a server in trouble.
    /// </summary>
    private static bool IsForAll(Attempt attempt) =>
        !attempt.Success && attempt.Status.Code is 0 or 401 or 403 or 404 or 408 or 425 or 429 or >= 500;

    private static StowResponseItem? Find(IReadOnlyList<StowResponseItem>? items, Entry entry) =>
        items?.FirstOrDefault(item => item.SopInstanceUid == entry.SopInstanceUid);

    private static StowOutcome Stored(Entry entry, StowResponseItem item) => new()
    {
        Success = true,
        Status = OutcomeStatus.Of(200),
        AlreadyStored = item.WarningReason is FailureReason.AlreadyExists or 0x0111,
        RetrieveUrl = item.RetrieveUrl,
        Attempts = entry.Attempts,
    };

    private static StowOutcome Failed(Entry entry, Attempt attempt, StowResponseItem? item) => new()
    {
        Success = false,
        Status = attempt.Success
            ? item is null ? OutcomeStatus.Of($"The server answered {attempt.Status} but did not say it stored the instance.") : OutcomeStatus.Of(409)
            : attempt.Status,
        Error = Error(attempt, item),
        Attempts = entry.Attempts,
    };

    private static StowError Error(Attempt attempt, StowResponseItem? item) => new()
    {
        Code = item?.FailureReason,
        Reason = item?.FailureReason is { } code ? FailureReason.InWords(code) : attempt.Status.Code switch
        {
            0 => attempt.Status.Text!,
            400 => "the server could not read the request",
            401 => "the credentials were refused",
            403 => "not permitted, or there is no such store",
            404 => "there is no such store",
            409 => "the server did not store the instance",
            413 => "the instance is too large for the server",
            415 => "the server does not take this kind of upload",
            429 => "the quota is used up",
            < 300 => "the server did not confirm the instance",
            _ => "the server failed",
        },
        Message = item?.FailureDetail ?? attempt.Error?.Message,
    };

    private sealed class Entry(StowInstance instance)
    {
        public StowInstance Instance => instance;

        public string? SopInstanceUid => instance.Header.SopInstanceUid;

        public bool MustGoAlone { get; set; }

        public int Attempts { get; set; }

        public StowOutcome? Outcome { get; set; }
    }
}
