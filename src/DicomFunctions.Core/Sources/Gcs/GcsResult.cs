using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>The result of a request to Cloud Storage, or why there is none.</summary>
internal readonly record struct GcsResult<T>(T? Value, SourceProblem? Problem)
    where T : class
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsSuccess => Value is not null;
}
