using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Drop;

/// <summary>What a look at the folder found.</summary>
internal sealed record DropRound
{
    /// <summary>Number of files in the new job.</summary>
    public required long Files { get; init; }

    /// <summary>The plan of the new job; null if there is none.</summary>
    public JobPlan? Plan { get; init; }

    /// <summary>How long until more files will have settled; null if there are none.</summary>
    public TimeSpan? SettlesIn { get; init; }
}
