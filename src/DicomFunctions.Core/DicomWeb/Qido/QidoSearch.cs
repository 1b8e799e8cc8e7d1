using System.Globalization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Qido;

/// <summary>One search: pages asked for until every match in the caller's window was written once, or one page failed for good.</summary>
/// <remarks>
/// The page size is the client's own; <c>limit</c> and <c>offset</c> bound the whole. A page may be read twice (a retry) and pages may
/// overlap, so rows are told apart by all the UIDs of their level and above. When to stop: <see cref="QidoPaging"/>.
/// </remarks>
internal sealed class QidoSearch(
    RequestSender sender, DicomWebUri uris, DicomWebOptions options, QidoRequest request, IDicomJsonSink sink)
{
    private readonly SeenRows _seen = new();

    /// <summary>Rows of the caller's window that have come, those that could not be written included.</summary>
    private long _taken;

    private long _bytes;
    private long _repeated;
    private int _attempts;
    private string? _leftOut;

    public QidoRequest Request => request;

    public int MaxRowBytes => options.MaxRowBytes;

    public long MaxBytes => options.MaxBytes;

    /// <summary>The UIDs that tell the rows apart.</summary>
    public DicomJsonLevel Level => request.Level switch
    {
        QidoLevel.Studies => DicomJsonLevel.Study,
        QidoLevel.Series => DicomJsonLevel.Series,
        _ => DicomJsonLevel.Instance,
    };

    /// <summary>Whether the caller's window is full: what comes now is not wanted.</summary>
    public bool IsFull => _taken >= request.Limit;

    /// <summary>Takes a row; false when it came before.</summary>
    public bool TryTake(ReadOnlySpan<byte> row, in DicomJsonUidRanges uids)
    {
        if (!_seen.Add(DicomJsonRowKey.Of(row, uids, Level)))
            return false;
        _taken++;
        return true;
    }

    /// <summary>Why the row just taken is one too many; null when it is not.</summary>
    public string? Excess(int rowBytes)
    {
        if (_taken > options.MaxRows)
            return Text($"More than {options.MaxRows} rows match; the others were left out. Narrow the search, give it a limit, or raise DicomWeb:MaxRows.");
        return (_bytes += rowBytes) > options.MaxBytes ? TooManyBytes() : null;
    }

    /// <summary>Why an answer that grows without end is read no further.</summary>
    public string TooManyBytes() =>
        Text($"The answer is longer than {options.MaxBytes} bytes; what came after was left out. Narrow the search, give it a limit, or raise DicomWeb:MaxBytes.");

    /// <summary>Leaves a row out of the result: the search goes on, and its record says which one is missing.</summary>
    public void LeaveOut(ReadOnlySpan<byte> row, in DicomJsonUidRanges uids)
    {
        if (_leftOut is not null)
            return;
        var (study, series, sopInstance) = DicomJsonUids.Read(row, uids);
        var uid = sopInstance ?? series ?? study;
        _leftOut = Text($"Row {_taken} of the answer is nested over {DicomJsonRowScanner.MaxDepth} levels deep and was left out")
            + (uid is null ? "." : $": {IdentifyingKeyword} {uid}.");
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> row, CancellationToken cancellationToken) => sink.WriteAsync(row, cancellationToken);

    public async ValueTask<QidoOutcome> RunAsync(CancellationToken cancellationToken)
    {
        if (request.Limit == 0)
            return Succeeded(204);
        var shortPageIsLast = options.ShortPageIsLast ?? (options.IsGoogle ? true : null);
        var paging = new QidoPaging(shortPageIsLast, startsAtFirstRow: request.Offset == 0, NamesOneRow());
        for (var offset = request.Offset; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Once rows came again, pages move under the search: only whole ones are sure to reach beyond what is known.
            var wanted = _repeated > 0 ? long.MaxValue : request.Limit - _taken ?? long.MaxValue;
            var limit = Math.Min(options.PageSizes.For(request.Level), wanted);
            var page = new QidoPage(this, uris, limit, offset);
            var outcome = await sender.SendAsync(page, cancellationToken).ConfigureAwait(false);
            _attempts += page.Attempts;
            _repeated += page.RepeatedRows;
            if (!outcome.Success)
                return Failed(outcome);
            if (IsFull)
                return Succeeded(200);
            switch (paging.Judge(limit, page.Rows, page.NewRows, page.HasMore))
            {
                case QidoPagingStep.Whole:
                    return Succeeded(outcome.Status.Code);
                case QidoPagingStep.Stuck:
                    return Failed(RequestOutcome.Refused(page.Rows == 0
                        ? "The server says that there are more rows, and gives none."
                        : "The server repeats rows instead of going on: it does not honour 'offset'."));
            }

            offset += page.Rows;
        }
    }

    private string IdentifyingKeyword => request.Level switch
    {
        QidoLevel.Studies => "StudyInstanceUID",
        QidoLevel.Series => "SeriesInstanceUID",
        _ => "SOPInstanceUID",
    };

    /// <summary>Whether the filters give every UID that tells the rows apart.</summary>
    private bool NamesOneRow() =>
        HasUid("StudyInstanceUID", "0020000D")
        && (request.Level == QidoLevel.Studies || HasUid("SeriesInstanceUID", "0020000E"))
        && (request.Level != QidoLevel.Instances || HasUid("SOPInstanceUID", "00080018"));

    private bool HasUid(string keyword, string tag)
    {
        foreach (var (name, value) in request.Parameters)
        {
            if ((name.Equals(keyword, StringComparison.OrdinalIgnoreCase) || name.Equals(tag, StringComparison.OrdinalIgnoreCase))
                && DicomUid.IsValid(value))
            {
                return true;
            }
        }

        return false;
    }

    private QidoOutcome Succeeded(int code) => _leftOut is null
        ? new()
        {
            Success = true,
            Status = OutcomeStatus.Of(_taken > 0 ? 200 : code == 206 ? 200 : code),
            RepeatedRows = _repeated,
            Attempts = _attempts,
        }
        : Failed(RequestOutcome.Refused(_leftOut));

    private QidoOutcome Failed(RequestOutcome outcome) => new()
    {
        Success = false,
        Status = outcome.Status,
        Partial = _taken > 0,
        RepeatedRows = _repeated,
        Attempts = _attempts,
        Error = outcome.Error,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
