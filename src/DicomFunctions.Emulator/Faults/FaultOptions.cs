using System.ComponentModel.DataAnnotations;
using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Statistics;

namespace DicomFunctions.Emulator.Faults;

/// <summary>
/// What deliberately goes wrong in a store; by default nothing. Rates are probabilities from 0 to 1, drawn from one seeded sequence per
/// store in the order in which requests arrive.
/// </summary>
public sealed record FaultOptions
{
    /// <summary>Seed of the draws: the same seed and the same order of requests give the same faults. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The kinds of request affected; null or empty for every DICOMweb request.</summary>
    public IReadOnlyList<RequestKind>? Kinds { get; init; }

    /// <summary>Rate of 429 answers, sent before any work is done.</summary>
    [Range(0.0, 1.0)]
    public double TooManyRequestsRate { get; init; }

    /// <summary>Rate of 503 answers, sent before any work is done.</summary>
    [Range(0.0, 1.0)]
    public double UnavailableRate { get; init; }

    /// <summary>Rate of 500 answers, sent before any work is done.</summary>
    [Range(0.0, 1.0)]
    public double InternalErrorRate { get; init; }

    /// <summary>Rate of 401 answers, as if the token had just expired.</summary>
    [Range(0.0, 1.0)]
    public double UnauthorizedRate { get; init; }

    /// <summary>How many requests, from the moment the faults are set, fail with <see cref="FailStatus"/>.</summary>
    [Range(0, int.MaxValue)]
    public int FailFirst { get; init; }

    /// <summary>
    /// The status of <see cref="FailFirst"/>, <see cref="FailFromOffset"/> and <see cref="FailOnceAtOffset"/>. Default 503.
    /// </summary>
    [Range(400, 599)]
    public int FailStatus { get; init; } = 503;

    /// <summary>The Retry-After header of injected 429 and 503 answers, in seconds; null sends none.</summary>
    [Range(0, int.MaxValue)]
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The shape of the bodies of injected errors.</summary>
    public ErrorShape ErrorShape { get; init; }

    /// <summary>Time added to every request.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Latency { get; init; }

    /// <summary>Random extra time, evenly distributed from zero to this.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LatencyJitter { get; init; }

    /// <summary>Rate of connections broken before any work is done.</summary>
    [Range(0.0, 1.0)]
    public double DropBeforeRate { get; init; }

    /// <summary>Rate of connections broken after the work (the instance is stored) and before the answer.</summary>
    [Range(0.0, 1.0)]
    public double DropAfterRate { get; init; }

    /// <summary>Rate of answers whose body is cut short by a broken connection.</summary>
    [Range(0.0, 1.0)]
    public double TruncateRate { get; init; }

    /// <summary>Bytes of body before the cut, always fewer than the body has. Default: drawn, fewer than 2,000.</summary>
    [Range(0, int.MaxValue)]
    public int? TruncateAfterBytes { get; init; }

    /// <summary>The most rows in a search answer, silently, whatever <c>limit</c> asks for.</summary>
    [Range(1, int.MaxValue)]
    public int? PageCap { get; init; }

    /// <summary>Searches at this offset or beyond always fail.</summary>
    [Range(0, int.MaxValue)]
    public int? FailFromOffset { get; init; }

    /// <summary>The first search at exactly this offset fails.</summary>
    [Range(0, int.MaxValue)]
    public int? FailOnceAtOffset { get; init; }

    /// <summary>How many of the first instances a retrieval, of files or metadata, silently leaves out.</summary>
    [Range(0, int.MaxValue)]
    public int OmitInstances { get; init; }

    /// <summary>How many of the first instances a retrieval sends again at its end.</summary>
    [Range(0, int.MaxValue)]
    public int RepeatInstances { get; init; }

    /// <summary>Retrievals send their instances in reverse order.</summary>
    public bool ReverseInstances { get; init; }

    /// <summary>Retrievals also send an instance of the store that the request does not name, if there is one.</summary>
    public bool AddInstance { get; init; }

    /// <summary>
    /// Multipart retrievals end in the middle of the part after this many, or without their closing delimiter if there is none. The HTTP
    /// answer ends as if it were whole, unlike with <see cref="TruncateRate"/>.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int? EndAfterParts { get; init; }

    /// <summary>Searches and retrievals are answered 206 instead of 200.</summary>
    public bool PartialContent { get; init; }

    /// <summary>Answers every request 200 with an HTML page, as a proxy's login page does.</summary>
    public bool AnswerHtml { get; init; }

    /// <summary>Storing fails as if the disk were full.</summary>
    public bool DiskFull { get; init; }
}
