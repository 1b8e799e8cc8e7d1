using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Settings;

namespace DicomFunctions.Core.Sources;

/// <summary>Where files to upload may come from.</summary>
public sealed class SourceOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "DicomFunctions:Sources";

    /// <summary>
    /// The folders that <c>file:</c> sources may be read from, with all below them. None (the default): no <c>file:</c> sources.
    /// Relative references are taken from the first. A link is followed as far as it stays under one of them.
    /// </summary>
    public IList<string> AllowedRoots { get; } = [];

    /// <summary>Where <c>gs://</c> sources are read from. Default: <c>https://storage.googleapis.com</c>.</summary>
    [Required, HttpUrl]
    public Uri GcsBaseUrl { get; set; } = new("https://storage.googleapis.com");

    /// <summary>How often a request to Cloud Storage is made in all, the first included. Default: 5.</summary>
    [Range(1, 20)]
    public int GcsMaxAttempts { get; set; } = 5;

    /// <summary>How long Cloud Storage may be silent: before it answers, and between two runs of bytes. Default: 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan GcsTimeout { get; set; } = TimeSpan.FromSeconds(60);
}
