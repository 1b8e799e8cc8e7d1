using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Settings;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>How to reach DICOM stores.</summary>
public sealed class DicomWebOptions
{
    public const string SectionName = "DicomFunctions:DicomWeb";

    /// <summary>The URL before <c>/projects/…</c>. Default: Cloud Healthcare API v1.</summary>
    [Required, HttpUrl]
    public Uri BaseUrl { get; set; } = new("https://healthcare.googleapis.com/v1");

    /// <summary>
    /// A DICOMweb service root used for every store, for servers without store paths (<c>http://orthanc:8042/dicom-web</c>). Null uses
    /// <see cref="BaseUrl"/> and the store's path.
    /// </summary>
    [HttpUrl]
    public Uri? ServiceRoot { get; set; }

    /// <summary>The permitted stores, <c>projects/…/dicomStores/…</c>; a trailing <c>*</c> matches any rest. Empty permits all.</summary>
    public IList<string> AllowedStores { get; } = [];

    /// <summary>The most rows to request at once, for each level. Google's maximums are 5,000, 5,000 and 50,000.</summary>
    [ValidateObjectMembers]
    public QidoPageSizes PageSizes { get; set; } = new();

    /// <summary>
    /// Whether a page shorter than requested is the last one. Null assumes so only for servers that are known to fill every page (Google),
    /// or that have returned a full page of that size in the same search. Otherwise pages are requested until one is empty.
    /// </summary>
    public bool? ShortPageIsLast { get; set; }

    /// <summary>The largest data set of an answer, in bytes. A larger one fails the search.</summary>
    [Range(4096, 1 << 30)]
    public int MaxRowBytes { get; set; } = 64 << 20;

    /// <summary>
    /// The most rows of one search, or data sets of one retrieval of metadata. With more, it fails, but its record has those so far. Each
    /// takes up to 40 bytes.
    /// </summary>
    [Range(1L, 1L << 40)]
    public long MaxRows { get; set; } = 1_000_000;

    /// <summary>
    /// The most bytes of one search's rows or one retrieval's metadata, and of one answer. With more, it fails, but its record has the
    /// rows so far.
    /// </summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytes { get; set; } = 4L << 30;

    /// <summary>The most instances in one multipart STOW request; 1 sends every instance alone.</summary>
    [Range(1, 1000)]
    public int MultipartMaxInstances { get; set; } = 64;

    /// <summary>The most bytes of instances in one multipart STOW request. A larger instance is sent alone.</summary>
    [Range(0, 1 << 30)]
    public long MultipartMaxBytes { get; set; } = 4 << 20;

    /// <summary>How many times to send a request, including the first.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 6;

    /// <summary>
    /// The first wait before a retry, plus up to a second; each further wait is twice as long. If the store answers nearly all other
    /// requests, the first two waits are an eighth of that, except after a 429.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts, unless the server's Retry-After is longer.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(32);

    /// <summary>After this long, no further attempt is made.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxRetryDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a request may make no progress: nothing is sent, no answer follows the last byte sent, or the answer neither ends nor
    /// brings 8 KiB more.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>How long to wait for a connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an idle connection is kept open.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ConnectionIdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>These options for another server that is a DICOMweb service root.</summary>
    internal DicomWebOptions For(Uri serviceRoot, int pageSize)
    {
        var options = (DicomWebOptions)MemberwiseClone();
        options.ServiceRoot = serviceRoot;
        options.PageSizes = new QidoPageSizes { Studies = pageSize, Series = pageSize, Instances = pageSize };
        options.ShortPageIsLast = null;
        return options;
    }

    internal bool IsGoogle => ServiceRoot is null
        && (BaseUrl.Host == "healthcare.googleapis.com" || BaseUrl.Host.EndsWith("-healthcare.googleapis.com", StringComparison.Ordinal));

    /// <summary>The server that these options select.</summary>
    internal DicomServer Server => new(ServiceRoot ?? BaseUrl, ServiceRoot is not null);
}
