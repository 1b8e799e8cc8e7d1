using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Core.Api;

/// <summary>Limits of the HTTP surface.</summary>
public sealed class ApiOptions
{
    public const string SectionName = "DicomFunctions:Api";

    /// <summary>The most bytes of a JSON or NDJSON body.</summary>
    [Range(1024L, 1L << 40)]
    public long MaxJsonBytes { get; set; } = 1L << 30;

    /// <summary>The most bytes of a body that holds DICOM files.</summary>
    [Range(1024L, 1L << 44)]
    public long MaxUploadBytes { get; set; } = 64L << 30;

    /// <summary>The most bytes of a body of messages that are converted at once.</summary>
    [Range(1024, 1 << 30)]
    public int MaxFormatBytes { get; set; } = 8 << 20;

    /// <summary>The longest a request waits for its job. Azure cuts answers off after 230 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(220);

    /// <summary>The most requests of this process that wait for their jobs at once. Those beyond are answered 202 at once.</summary>
    [Range(0, 100_000)]
    public int MaxWaiters { get; set; } = 100;
}
