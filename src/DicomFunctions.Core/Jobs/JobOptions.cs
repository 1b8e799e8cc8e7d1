using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Core.Jobs;

/// <summary>Defaults and limits of jobs.</summary>
internal sealed class JobOptions
{
    public const string SectionName = "DicomFunctions:Jobs";

    /// <summary>The most inputs in a batch, unless the request gives another number.</summary>
    [Range(1, 10_000)]
    public int BufferSize { get; set; } = 8;

    /// <summary>The most requests of one job in flight, unless the request gives another number.</summary>
    [Range(1, 1_000)]
    public int MaxWorkers { get; set; } = 5;

    /// <summary>The most bytes of one input's JSON.</summary>
    [Range(1024, 64 << 20)]
    public int MaxInputBytes { get; set; } = 1 << 20;

    /// <summary>The most inputs of one job.</summary>
    [Range(1, int.MaxValue)]
    public int MaxInputs { get; set; } = 10_000_000;

    /// <summary>
    /// How long an activity processes batches before it returns the rest. A host that stops may end activities within ten minutes. Zero for
    /// one batch per activity.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ActivityTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// About the time between two checkpoints, and so until records of a running job can be read. Zero for one batch per worker.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LegTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Size of a staged block of results or inputs, in bytes.</summary>
    [Range(64 << 10, 100 << 20)]
    public int BlockSize { get; set; } = 4 << 20;

    /// <summary>The most memory for uploads of this process, in bytes. A file that finds no room is streamed.</summary>
    [Range(0L, 1L << 40)]
    public long UploadMemory { get; set; } = 48 << 20;

    /// <summary>How long jobs are kept after they have ended.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}
