using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>What a request to Cloud Storage brought, or why nothing.</summary>
internal readonly record struct GcsResult<T>
    where T : class
{
    public T? Value { get; init; }

    public SourceProblem? Problem { get; init; }

    /// <summary>How long Cloud Storage asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsSuccess => Value is not null;
}
