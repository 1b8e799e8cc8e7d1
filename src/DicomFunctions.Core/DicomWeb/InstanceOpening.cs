using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>An instance that is open for reading, or why it is not.</summary>
/// <param name="Outcome">The outcome of the retrieval up to here.</param>
/// <param name="Instance">The instance, which the caller disposes; null if the retrieval failed.</param>
public sealed record InstanceOpening(RetrieveOutcome Outcome, OpenedInstance? Instance = null)
{
    [MemberNotNullWhen(true, nameof(Instance))]
    public bool IsOpen => Instance is not null;
}
