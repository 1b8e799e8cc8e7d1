using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Core.Jobs;

/// <summary>Defaults and limits of jobs.</summary>
public sealed class JobOptions
{
    public const string SectionName = "DicomFunctions:Jobs";

    /// <summary>The most inputs a batch holds, unless the request says otherwise.</summary>
    [Range(1, 10_000)]
    public int BufferSize { get; set; } = 8;

    /// <summary>The most batches of one job worked at the same time, unless the request says otherwise.</summary>
    [Range(1, 1_000)]
    public int MaxWorkers { get; set; } = 5;

    /// <summary>The most bytes of one input's JSON.</summary>
    [Range(1024, 64 << 20)]
    public int MaxInputBytes { get; set; } = 1 << 20;

    /// <summary>The most inputs of one job.</summary>
    [Range(1, int.MaxValue)]
    public int MaxInputs { get; set; } = 10_000_000;

    /// <summary>
    /// How long one activity works batches, one after the other, before it hands the rest back. A host that stops may end activities
    /// within ten minutes. Zero: one batch an activity.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ActivityTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the records of a running job may take to become readable: about the time between two checkpoints. Zero: a batch for each worker.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LegTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Size of a staged block of results or inputs, in bytes.</summary>
    [Range(64 << 10, 100 << 20)]
    public int BlockSize { get; set; } = 4 << 20;

    /// <summary>What all uploads of this process may hold in memory at once, in bytes. A file that finds no room is streamed.</summary>
    [Range(0L, 1L << 40)]
    public long UploadMemory { get; set; } = 48 << 20;

    /// <summary>Ended jobs are kept this long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}
