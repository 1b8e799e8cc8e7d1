using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Core.Api;

/// <summary>Limits of the HTTP API.</summary>
internal sealed class ApiOptions
{
    public const string SectionName = "DicomFunctions:Api";

    /// <summary>The largest JSON or NDJSON body, in bytes.</summary>
    [Range(1024L, 1L << 40)]
    public long MaxJsonBytes { get; set; } = 1L << 30;

    /// <summary>The largest body of DICOM files, in bytes.</summary>
    [Range(1024L, 1L << 44)]
    public long MaxUploadBytes { get; set; } = 64L << 30;

    /// <summary>The largest body of messages to convert, in bytes.</summary>
    [Range(1024, 1 << 30)]
    public int MaxFormatBytes { get; set; } = 8 << 20;

    /// <summary>The longest a request may wait for its job. Azure cuts requests off after 230 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(220);

    /// <summary>How many requests of this process may wait for their jobs at once. Any further request is answered 202 at once.</summary>
    [Range(0, 100_000)]
    public int MaxWaiters { get; set; } = 100;
}
