using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Settings;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>How DICOM stores are reached.</summary>
public sealed class DicomWebOptions
{
    public const string SectionName = "DicomFunctions:DicomWeb";

    /// <summary>What stands before <c>/projects/…</c>. Default: Cloud Healthcare API v1.</summary>
    [Required, HttpUrl]
    public Uri BaseUrl { get; set; } = new("https://healthcare.googleapis.com/v1");

    /// <summary>
    /// A DICOMweb service root that is used as it is for every store, for servers that know no store paths
    /// (<c>http://orthanc:8042/dicom-web</c>). Null: <see cref="BaseUrl"/> and the store's path.
    /// </summary>
    [HttpUrl]
    public Uri? ServiceRoot { get; set; }

    /// <summary>Store paths that may be used, <c>projects/…/dicomStores/…</c>; a trailing <c>*</c> stands for any rest. Empty: every store.</summary>
    public IList<string> AllowedStores { get; } = [];

    /// <summary>The most rows asked for at once, at each level. Google's maxima: 5,000, 5,000 and 50,000.</summary>
    [ValidateObjectMembers]
    public QidoPageSizes PageSizes { get; set; } = new();

    /// <summary>
    /// Whether a page shorter than asked for is the last one. Null: only where the server is known to keep to this (Google), or has
    /// shown in the same search that it serves pages of that size; otherwise one more page is asked for, until one is empty.
    /// </summary>
    public bool? ShortPageIsLast { get; set; }

    /// <summary>The longest data set of an answer, in bytes; a longer one fails the search.</summary>
    [Range(4096, 1 << 30)]
    public int MaxRowBytes { get; set; } = 64 << 20;

    /// <summary>The most rows of one search; with more, its record has these and is a failure that says so. Each costs up to 40 bytes of memory.</summary>
    [Range(1L, 1L << 40)]
    public long MaxRows { get; set; } = 1_000_000;

    /// <summary>The most bytes of one search's rows, and of one answer; with more, its record is a failure with what came before.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytes { get; set; } = 4L << 30;

    /// <summary>The most instances in one multipart STOW request; 1 sends every instance alone.</summary>
    [Range(1, 1000)]
    public int MultipartMaxInstances { get; set; } = 64;

    /// <summary>The most bytes of instances in one multipart STOW request; a larger instance goes alone.</summary>
    [Range(0, 1 << 30)]
    public long MultipartMaxBytes { get; set; } = 4 << 20;

    /// <summary>How often one request is sent, the first time included.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 6;

    /// <summary>
    /// The first wait is this long plus up to a second; each next one doubles it. Where the store answers nearly all other requests, the
    /// first two are an eighth of that, unless the answer is a 429.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts, unless the server's Retry-After asks for more.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(32);

    /// <summary>No further attempt begins after this long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxRetryDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a request may fail to get on: nothing of it sent, no answer after the last byte sent, or neither the end nor 8 KiB more
    /// of an answer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>How long to wait for a connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an idle connection is kept.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ConnectionIdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal bool IsGoogle => ServiceRoot is null
        && (BaseUrl.Host == "healthcare.googleapis.com" || BaseUrl.Host.EndsWith("-healthcare.googleapis.com", StringComparison.Ordinal));

    /// <summary>The server these options name.</summary>
    internal DicomServer Server => new(ServiceRoot ?? BaseUrl, ServiceRoot is not null);
}
