using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Drop;

/// <summary>Where the drop workflow is.</summary>
public sealed record DropState
{
    /// <summary>The job of the files now being worked; null: the folder is to be looked at.</summary>
    public JobState? Job { get; init; }
}
