namespace DicomFunctions.Core.DicomWeb.Qido;

/// <summary>Decides after each page of a search whether it was the last.</summary>
/// <remarks>
/// Servers do not promise an order between pages, cap pages without saying so, ignore <c>limit</c>, <c>offset</c> or both, or give the
/// last page again and again. A search ends as whole only where the answers show that nothing can be missing:
/// <list type="bullet">
/// <item>an empty page;</item>
/// <item>a page shorter than asked for, from a server known to fill its pages (<see cref="DicomWebOptions.ShortPageIsLast"/>), or that has
/// filled one of that size in the same search;</item>
/// <item>the same answer whatever the offset, if its length was not ours to choose: the server gives all it has at once.</item>
/// </list>
/// What a server says of more rows (206, or the warning of PS3.18 §8.3.4.4) outweighs all of these but the empty page.
/// </remarks>
/// <param name="shortPageIsLast">What is known of the server; null: only what its pages show.</param>
/// <param name="startsAtFirstRow">The search has no offset of its own.</param>
/// <param name="namesOneRow">The filters name one row by all its UIDs.</param>
internal sealed class QidoPaging(bool? shortPageIsLast, bool startsAtFirstRow, bool namesOneRow)
{
    /// <summary>So many pages in a row without a new row end the search. Fewer may only mean that rows moved while they were read.</summary>
    private const int MaxRepeats = 3;

    private long _filledPage = shortPageIsLast == true ? long.MaxValue : 0;
    private int _pages;
    private bool _isFirstOursToCut;
    private bool _hasGoneOn;
    private bool _wasShort;
    private int _repeats;

    /// <summary>What a page shows.</summary>
    /// <param name="limit">How many rows were asked for.</param>
    /// <param name="rows">How many came.</param>
    /// <param name="newRows">How many of these had not come before.</param>
    /// <param name="hasMore">The server says that there are more.</param>
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
        // The server ignores the offset. Its first page may be everything, if nobody asked for less.
        if (!_hasGoneOn && startsAtFirstRow && !_isFirstOursToCut)
            return QidoPagingStep.Whole;
        if (++_repeats < MaxRepeats)
            return QidoPagingStep.GoOn;
        return _hasGoneOn && _wasShort && !hasMore ? QidoPagingStep.Whole : QidoPagingStep.Stuck;
    }
}
