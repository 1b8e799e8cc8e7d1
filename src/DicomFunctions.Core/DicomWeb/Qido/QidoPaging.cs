namespace DicomFunctions.Core.DicomWeb.Qido;

/// <summary>Decides after each page of a search whether it was the last.</summary>
/// <remarks>
/// Servers do not promise an order across pages, cap pages silently, ignore <c>limit</c>, <c>offset</c> or both, or repeat the last page
/// forever. A search ends as complete only if the answers show that nothing can be missing:
/// <list type="bullet">
/// <item>an empty page;</item>
/// <item>a page shorter than requested, from a server known to fill its pages (<see cref="DicomWebOptions.ShortPageIsLast"/>), or that
/// has returned a full page of that size in the same search;</item>
/// <item>the same answer at every offset, if our limit did not cut it: the server returns everything at once.</item>
/// </list>
/// A server's statement that there are more rows (206, or the warning of PS3.18 §8.3.4.4) outweighs all of these but the empty page.
/// </remarks>
/// <param name="shortPageIsLast">Whether the server is known to fill its pages; null relies on its answers alone.</param>
/// <param name="startsAtFirstRow">Whether the search has no offset of its own.</param>
/// <param name="namesOneRow">Whether the filters name one row by all its UIDs.</param>
internal sealed class QidoPaging(bool? shortPageIsLast, bool startsAtFirstRow, bool namesOneRow)
{
    /// <summary>How many successive pages without a new row end the search. One may be due to rows that moved meanwhile.</summary>
    private const int MaxRepeats = 3;

    private long _filledPage = shortPageIsLast == true ? long.MaxValue : 0;
    private int _pages;
    private bool _isFirstOursToCut;
    private bool _hasGoneOn;
    private bool _wasShort;
    private int _repeats;

    /// <summary>Decides what follows a page.</summary>
    /// <param name="limit">The number of rows requested.</param>
    /// <param name="rows">The number of rows in the page.</param>
    /// <param name="newRows">The number of rows that are new.</param>
    /// <param name="hasMore">Whether the server says that there are more.</param>
    public QidoPagingStep Judge(long limit, long rows, long newRows, bool hasMore)
    {
        if (rows == 0)
            return hasMore ? QidoPagingStep.Stuck : QidoPagingStep.Whole;
        var isFirst = _pages++ == 0;
        if (isFirst)
            _isFirstOursToCut = rows == limit || hasMore;
        else if (newRows == 0)
            return JudgeRepeat(hasMore);
        else
            _hasGoneOn = true;
        (_repeats, _wasShort) = (0, rows < limit);
        if (hasMore)
            return QidoPagingStep.GoOn;
        if (namesOneRow && rows < limit)
            return QidoPagingStep.Whole;
        if (rows >= limit)
            _filledPage = Math.Max(_filledPage, limit);
        else if (limit <= _filledPage && shortPageIsLast != false)
            return QidoPagingStep.Whole;
        return QidoPagingStep.GoOn;
    }

    private QidoPagingStep JudgeRepeat(bool hasMore)
    {
        // The server ignores the offset. Its first page may still be everything, if our limit did not cut it.
        if (!_hasGoneOn && startsAtFirstRow && !_isFirstOursToCut)
            return QidoPagingStep.Whole;
        if (++_repeats < MaxRepeats)
            return QidoPagingStep.GoOn;
        return _hasGoneOn && _wasShort && !hasMore ? QidoPagingStep.Whole : QidoPagingStep.Stuck;
    }
}
