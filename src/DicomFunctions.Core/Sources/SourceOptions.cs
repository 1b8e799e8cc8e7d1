using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Settings;

namespace DicomFunctions.Core.Sources;

/// <summary>The permitted sources of files to upload.</summary>
internal sealed class SourceOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "DicomFunctions:Sources";

    /// <summary>
    /// The folders below which <c>file:</c> sources may be read. None (the default) permits no <c>file:</c> sources. Relative references
    /// start from the first. Links are followed while they stay below one of these folders.
    /// </summary>
    public IList<string> AllowedRoots { get; } = [];

    /// <summary>
    /// Other DICOMweb servers by name: <c>dicomweb:NAME/studies/…</c> names their instances. Names differ by more than case.
    /// </summary>
    public IDictionary<string, DicomWebServerOptions> DicomWeb { get; } =
        new Dictionary<string, DicomWebServerOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The server of <c>gs://</c> sources. Default: <c>https://storage.googleapis.com</c>.</summary>
    [Required, HttpUrl]
    public Uri GcsBaseUrl { get; set; } = new("https://storage.googleapis.com");

    /// <summary>How many times to send a request to Cloud Storage, including the first. Default: 5.</summary>
    [Range(1, 20)]
    public int GcsMaxAttempts { get; set; } = 5;

    /// <summary>How long to wait for Cloud Storage's answer, and for each next piece of its body. Default: 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan GcsTimeout { get; set; } = TimeSpan.FromSeconds(60);
}
