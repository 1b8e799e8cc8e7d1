using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Events;

/// <summary>What an event says of its job: counts and links, and nothing of a patient.</summary>
internal sealed record JobEventData
{
    public required string Id { get; init; }

    public required JobKind? Kind { get; init; }

    public required JobStatus State { get; init; }

    public required long? Inputs { get; init; }

    public required long Succeeded { get; init; }

    public required long Failed { get; init; }

    public required long NotAttempted { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required string? RetryOf { get; init; }

    public required string StatusUrl { get; init; }

    public required string ResultsUrl { get; init; }
}
