using System.ComponentModel.DataAnnotations;
using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Statistics;

namespace DicomFunctions.Emulator.Faults;

/// <summary>
/// What goes wrong, on purpose, in a store. Rates are probabilities from 0 to 1 and are drawn in the order of arrival from one seeded
/// sequence per store. Nothing goes wrong by default.
/// </summary>
public sealed record FaultOptions
{
    /// <summary>Seed of the draws. The same seed and the same order of requests give the same faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The kinds of request that are affected; null or empty means all of DICOMweb.</summary>
    public IReadOnlyList<RequestKind>? Kinds { get; init; }

    /// <summary>Rate of 429 answers, given before anything is done.</summary>
    [Range(0.0, 1.0)]
    public double TooManyRequestsRate { get; init; }

    /// <summary>Rate of 503 answers, given before anything is done.</summary>
    [Range(0.0, 1.0)]
    public double UnavailableRate { get; init; }

    /// <summary>Rate of 500 answers, given before anything is done.</summary>
    [Range(0.0, 1.0)]
    public double InternalErrorRate { get; init; }

    /// <summary>Rate of 401 answers, as if the token had just run out.</summary>
    [Range(0.0, 1.0)]
    public double UnauthorizedRate { get; init; }

    /// <summary>Number of requests that are failed with <see cref="FailStatus"/>, counted from the time the faults were set.</summary>
    [Range(0, int.MaxValue)]
    public int FailFirst { get; init; }

    /// <summary>Status of <see cref="FailFirst"/>, <see cref="FailFromOffset"/> and <see cref="FailOnceAtOffset"/>. Default 503.</summary>
    [Range(400, 599)]
    public int FailStatus { get; init; } = 503;

    /// <summary>A Retry-After header, in whole seconds, on injected 429 and 503 answers.</summary>
    [Range(0, int.MaxValue)]
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Shape of the body of injected errors.</summary>
    public ErrorShape ErrorShape { get; init; }

    /// <summary>Time added to every request.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Latency { get; init; }

    /// <summary>Up to this much more, evenly distributed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LatencyJitter { get; init; }

    /// <summary>Rate of connections broken before anything is done.</summary>
    [Range(0.0, 1.0)]
    public double DropBeforeRate { get; init; }

    /// <summary>Rate of connections broken after the work (an instance is stored), without an answer.</summary>
    [Range(0.0, 1.0)]
    public double DropAfterRate { get; init; }

    /// <summary>Rate of answers whose body is cut short by a broken connection.</summary>
    [Range(0.0, 1.0)]
    public double TruncateRate { get; init; }

    /// <summary>Bytes of body before the cut; by default a drawn number of at most 2,000. Always fewer than the body has.</summary>
    [Range(0, int.MaxValue)]
    public int? TruncateAfterBytes { get; init; }

    /// <summary>Most rows of a search answer whatever <c>limit</c> asks for, without saying so.</summary>
    [Range(1, int.MaxValue)]
    public int? PageCap { get; init; }

    /// <summary>Searches at this offset or beyond always fail.</summary>
    [Range(0, int.MaxValue)]
    public int? FailFromOffset { get; init; }

    /// <summary>The first search at exactly this offset fails.</summary>
    [Range(0, int.MaxValue)]
    public int? FailOnceAtOffset { get; init; }

    /// <summary>Every request is answered 200 with an HTML page, like a proxy's login.</summary>
    public bool AnswerHtml { get; init; }

    /// <summary>Storing fails as on a full disk.</summary>
    public bool DiskFull { get; init; }
}
