using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb.Http;

namespace DicomFunctions.Core.DicomWeb.Qido;

/// <summary>One search: pages asked for until every match in the caller's window was written once, or one page failed for good.</summary>
/// <remarks>
/// Page rules. The page size is the client's own; <c>limit</c> and <c>offset</c> bound the whole. Servers do not promise an order
/// between pages and a page may be read twice (a retry), so rows are told apart by UID. A short page ends the search only where that
/// can be trusted (<see cref="DicomWebOptions.ShortPageIsLast"/>): other servers cap pages without saying so.
/// </remarks>
internal sealed class QidoSearch(
    DicomWebSender sender, DicomWebUri uris, DicomWebOptions options, QidoRequest request, IDicomJsonSink sink)
{
    private readonly HashSet<UInt128> _seen = [];
    private long _written;
    private int _attempts;

    public QidoRequest Request => request;

    public int MaxRowBytes => options.MaxRowBytes;

    public ReadOnlySpan<byte> IdentifyingTag => request.Level switch
    {
        QidoLevel.Studies => "0020000D"u8,
        QidoLevel.Series => "0020000E"u8,
        _ => "00080018"u8,
    };

    private string IdentifyingKeyword => request.Level switch
    {
        QidoLevel.Studies => "StudyInstanceUID",
        QidoLevel.Series => "SeriesInstanceUID",
        _ => "SOPInstanceUID",
    };

    /// <summary>Whether a row was not written yet and is wanted; marks it as written.</summary>
    public bool IsNew(ReadOnlySpan<byte> row, Range uidRange)
    {
        if (_written >= request.Limit || !_seen.Add(DicomJsonRowKey.Of(row, uidRange)))
            return false;
        _written++;
        return true;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> row, CancellationToken cancellationToken) => sink.WriteAsync(row, cancellationToken);

    public async ValueTask<QidoOutcome> RunAsync(CancellationToken cancellationToken)
    {
        if (request.Limit == 0)
            return Succeeded(204);
        var isLookup = NamesOneRow();
        var provenPageSize = options.ShortPageIsLast ?? options.IsGoogle ? long.MaxValue : 0L;
        var previous = (Rows: 0L, IsShort: false);
        for (var offset = request.Offset; ;)
        {
            var limit = Math.Min(options.PageSizes.For(request.Level), request.Limit - _written ?? long.MaxValue);
            var page = new QidoPage(this, uris, limit, offset);
            var attempt = await sender.SendAsync(request.Store, page, cancellationToken).ConfigureAwait(false);
            _attempts += page.Attempts;
            if (!attempt.Success)
                return Failed(attempt);
            if (page.Rows == 0 || _written >= request.Limit || (isLookup && page.Rows < limit))
                return Succeeded(attempt.Status.Code);
            if (page.NewRows == 0 && previous.Rows > 0)
            {
                // A page of rows already known: the end for a server that ignores offsets, unless there was more than one page of them.
                return previous.IsShort
                    ? Succeeded(200)
                    : Failed(Attempt.Refused("The server repeats rows instead of going on: it does not honour 'offset'."));
            }

            if (page.Rows >= limit)
                provenPageSize = Math.Max(provenPageSize, limit);
            else if (limit <= provenPageSize && options.ShortPageIsLast != false)
                return Succeeded(200);
            previous = (page.Rows, page.Rows < limit);
            offset += page.Rows;
        }
    }

    private bool NamesOneRow()
    {
        foreach (var (name, value) in request.Parameters)
        {
            if (name.Equals(IdentifyingKeyword, StringComparison.OrdinalIgnoreCase) && DicomUid.IsValid(value))
                return true;
        }

        return false;
    }

    private QidoOutcome Succeeded(int code) =>
        new() { Success = true, Status = OutcomeStatus.Of(_written > 0 ? 200 : code), Attempts = _attempts };

    private QidoOutcome Failed(Attempt attempt) =>
        new() { Success = false, Status = attempt.Status, Partial = _written > 0, Attempts = _attempts, Error = attempt.Error };
}
