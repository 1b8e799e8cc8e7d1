using System.Globalization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb.Rows;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Qido;

/// <summary>One search: requests pages until every match in the caller's window is written once, or a page fails for good.</summary>
/// <remarks>
/// The client chooses the page size; <c>limit</c> and <c>offset</c> bound the whole search. A page may be read twice (a retry) and pages
/// may overlap, so rows are identified by all UIDs of their level and above. <see cref="QidoPaging"/> decides when to stop.
/// </remarks>
internal sealed class QidoSearch(
    RequestSender sender, DicomWebUri uris, DicomWebOptions options, QidoRequest request, IDicomJsonSink sink)
{
    private readonly SeenRows _seen = new();

    /// <summary>The number of rows found in the caller's window, including those that could not be written.</summary>
    private long _taken;

    private long _bytes;
    private long _repeated;
    private int _attempts;
    private string? _leftOut;

    /// <summary>The level whose UIDs identify the rows.</summary>
    public DicomJsonLevel Level => request.Level switch
    {
        QidoLevel.Studies => DicomJsonLevel.Study,
        QidoLevel.Series => DicomJsonLevel.Series,
        _ => DicomJsonLevel.Instance,
    };

    /// <summary>Whether the caller's window is full, so that further rows are dropped.</summary>
    public bool IsFull => _taken >= request.Limit;

    /// <summary>Takes a row. False if it was found before.</summary>
    public bool TryTake(ReadOnlySpan<byte> row, in DicomJsonUidRanges uids)
    {
        if (!_seen.Add(DicomJsonRowKey.Of(row, uids, Level)))
            return false;
        _taken++;
        return true;
    }

    /// <summary>Why the row just taken exceeds a limit; null if it does not.</summary>
    public string? Excess(int rowBytes)
    {
        if (_taken > options.MaxRows)
        {
            return Text(
                $"More than {options.MaxRows} rows match; the others were left out. Narrow the search, or raise DicomWeb:MaxRows.");
        }

        return (_bytes += rowBytes) > options.MaxBytes ? TooManyBytes() : null;
    }

    /// <summary>Why an answer of endless length is not read further.</summary>
    public string TooManyBytes() => Text(
        $"The answer is longer than {options.MaxBytes} bytes; the rest was left out. Narrow the search, or raise DicomWeb:MaxBytes.");

    /// <summary>Leaves a row out of the result. The search continues, and its record says which row is missing.</summary>
    public void LeaveOut(ReadOnlySpan<byte> row, in DicomJsonUidRanges uids)
    {
        if (_leftOut is not null)
            return;
        var (study, series, sopInstance) = DicomJsonUids.Read(row, uids);
        var uid = sopInstance ?? series ?? study;
        _leftOut = Text($"Row {_taken} of the answer is nested more than {DicomJsonRowScanner.MaxDepth} levels deep and was left out")
            + (uid is null ? "." : $": {IdentifyingKeyword} {uid}.");
    }

    public async ValueTask<QidoOutcome> RunAsync(CancellationToken cancellationToken)
    {
        if (request.Limit == 0)
            return Succeeded(204);
        var shortPageIsLast = options.ShortPageIsLast ?? (options.IsGoogle ? true : null);
        var paging = new QidoPaging(shortPageIsLast, startsAtFirstRow: request.Offset == 0, NamesOneRow());
        for (var offset = request.Offset; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // After repeated rows, matches have moved between pages: only full pages are certain to reach past the known rows.
            var wanted = _repeated > 0 ? long.MaxValue : request.Limit - _taken ?? long.MaxValue;
            var limit = Math.Min(options.PageSizes.For(request.Level), wanted);
            var page = new QidoPage(this, uris.Page(request, limit, offset), options, sink);
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
                    return Failed(RequestOutcome.Refused(FailureCode.Incomplete, page.Rows == 0
                        ? "The server says that there are more rows, but returns none."
                        : "The server repeats the same rows: it ignores 'offset'."));
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

    /// <summary>Whether the filters have every UID that identifies a row.</summary>
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
        : Failed(RequestOutcome.Refused(FailureCode.OverLimit, _leftOut));

    private QidoOutcome Failed(RequestOutcome outcome) => new()
    {
        Success = false,
        Status = outcome.Status,
        Partial = _taken > 0,
        IsTransient = outcome.IsTransient,
        RepeatedRows = _repeated,
        Attempts = _attempts,
        Error = outcome.Error,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
