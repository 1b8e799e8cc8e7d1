using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Drop;

/// <summary>What one look at the folder found.</summary>
public sealed record DropRound
{
    /// <summary>Files that were made a job of.</summary>
    public required long Files { get; init; }

    /// <summary>How the job they were made into is worked; null: there is none.</summary>
    public JobPlan? Plan { get; init; }

    /// <summary>When others will have settled; null: there are none.</summary>
    public TimeSpan? SettlesIn { get; init; }
}
