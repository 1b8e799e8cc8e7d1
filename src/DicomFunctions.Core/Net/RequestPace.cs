namespace DicomFunctions.Core.Net;

/// <summary>
/// How many requests a second a service is sent. Unlimited until too many are refused; then a little less than the service was seen to
/// take, and from there up again in steps, which get smaller each time it refuses.
/// </summary>
internal sealed class RequestPace
{
    private const double Floor = 0.5;

    /// <summary>The pace is set to this much of what the service took.</summary>
    private const double Margin = 0.95;

    /// <summary>Beyond this share of refusals, the answers between them do not tell what the service would take.</summary>
    private const double TellingShare = 0.9;

    private const double FirstStep = 0.1;
    private const double SmallestStep = 0.02;

    /// <summary>After a pause the pace stays for so many times its length, so that trying for more costs little.</summary>
    private const int CalmPerPause = 8;

    private static readonly TimeSpan Epoch = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestEpoch = TimeSpan.FromSeconds(10);

    private double _goal;
    private double _step;
    private TimeSpan _calm;

    /// <summary>Pace and share refused before the first of the cuts that followed one another.</summary>
    private (double Rate, double Share)? _firstCut;

    /// <summary>Requests a second; null when unlimited.</summary>
    public double? Rate { get; private set; }

    /// <summary>Judges what the service made of the requests of some time. False: that is too little yet, count on.</summary>
    public bool TryJudge(in AnswerCounts counts, TimeSpan elapsed)
    {
        if (elapsed < Epoch)
            return false;
        if (counts.AreEnough && counts.AreTooManyRefused)
        {
            Cut(counts, elapsed);
            return true;
        }

        if (!counts.AreEnough && (Rate is null || counts is not { Refused: 0, Total: > 0 }))
            return elapsed >= LongestEpoch;
        _firstCut = null;
        Raise(elapsed);
        return true;
    }

    /// <summary>
    /// The service refused a request for its quota, and asks for a pause. True: the pace is judged. False: only what is counted tells it.
    /// </summary>
    public bool TryPause(TimeSpan pause)
    {
        if (Rate is null)
            return false;
        // Paced evenly, the last request was the one too many.
        _calm = CalmPerPause * pause;
        _step = Math.Max(SmallestStep, _step / 2);
        _goal = Rate.Value;
        Rate = Math.Max(Floor, Margin * Rate.Value);
        return true;
    }

    private void Cut(in AnswerCounts counts, TimeSpan elapsed)
    {
        var asked = counts.Total / elapsed.TotalSeconds;
        var share = counts.RefusedShare;
        var isTelling = share < TellingShare;
        if (_firstCut is { } first && isTelling && Rate <= 0.75 * first.Rate && 1 - share < 1.15 * (1 - first.Share))
        {
            // Of a service that takes so many a second, a larger share would be answered now: it is not the pace.
            Raise(elapsed);
            return;
        }

        _firstCut ??= (Rate ?? asked, share);
        _step = Rate is null ? FirstStep : Math.Max(SmallestStep, _step / 2);
        var taken = asked * (1 - share);
        var rate = Rate ?? asked;
        if (isTelling || Rate is null)
            _goal = isTelling ? taken : asked;
        Rate = Math.Max(Floor, isTelling ? Math.Min(rate, Margin * taken) : rate / 2);
    }

    private void Raise(TimeSpan elapsed)
    {
        if (Rate is not { } rate)
            return;
        _calm -= elapsed;
        if (_calm > TimeSpan.Zero)
            return;
        rate = rate < Margin * _goal ? Math.Min(2 * rate, Margin * _goal) : rate * (1 + _step);
        Rate = Math.Max(rate, Floor);
        if (rate >= 2 * _goal)
            Rate = null;
    }
}
