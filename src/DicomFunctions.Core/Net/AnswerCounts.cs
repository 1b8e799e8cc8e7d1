namespace DicomFunctions.Core.Net;

/// <summary>What a service made of some requests.</summary>
internal record struct AnswerCounts
{
    /// <summary>The share of 429 that says nothing of the pace.</summary>
    private const double TolerableQuotaShare = 0.02;

    /// <summary>The share of 429 and 503 together, and of all failures, that a service in its good hours stays below.</summary>
    private const double TolerableShare = 0.1;

    /// <summary>Answered for good: with what was asked for, or with a refusal that sending again would not change.</summary>
    public long Answered { get; set; }

    /// <summary>Failed in another way than by 429 or 503, and worth sending again.</summary>
    public long Failed { get; set; }

    /// <summary>Answered 503.</summary>
    public long Unavailable { get; set; }

    /// <summary>Answered 429.</summary>
    public long OverQuota { get; set; }

    /// <summary>How often a 429 began a pause.</summary>
    public long Pauses { get; set; }

    public readonly long Refused => Unavailable + OverQuota;

    public readonly long Total => Answered + Failed + Refused;

    public readonly double RefusedShare => (double)Refused / Total;

    /// <summary>Whether so many answers tell anything of the pace: random refusals must not look like a service that has enough.</summary>
    public readonly bool AreEnough => Total >= (OverQuota > Unavailable ? 20 : 50) || (Refused >= 5 && 2 * Refused >= Total);

    /// <summary>
    /// Whether the service is asked for more than it takes. A few refusals never say so, however few the answers, unless one is for the
    /// quota and asks for a pause.
    /// </summary>
    public readonly bool AreTooManyRefused =>
        OverQuota > 1 + (TolerableQuotaShare * Total) || Refused > 3 + (TolerableShare * Total) || Pauses > 0;

    /// <summary>Whether nearly all requests were answered, as far as a good number of them tells.</summary>
    public readonly bool AreWell => Total >= 20 && Failed + Refused <= TolerableShare * Total;

    /// <summary>Whether most requests are answered 503.</summary>
    public readonly bool IsOutage => Unavailable >= 5 && 2 * Unavailable >= Total;
}
