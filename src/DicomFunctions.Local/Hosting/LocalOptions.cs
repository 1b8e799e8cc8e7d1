using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Settings;

namespace DicomFunctions.Local.Hosting;

/// <summary>Options of the local host only.</summary>
public sealed class LocalOptions
{
    public const string SectionName = "DicomFunctions:Local";

    /// <summary>The directory of jobs, dropped files and journals. Only one process can use it at a time.</summary>
    [Required]
    public string DataDirectory { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "dicomfn");

    /// <summary>Where to listen.</summary>
    [Required, HttpUrl]
    public Uri Url { get; set; } = new("http://127.0.0.1:7071");

    /// <summary>
    /// The key that every request must carry, as the header <c>x-functions-key</c> or the query parameter <c>code</c>. Required unless
    /// <see cref="Url"/> is a loopback address.
    /// </summary>
    [MinLength(16)]
    public string? ApiKey { get; set; }

    /// <summary>How often the drop folder is checked, in addition to file-system events, which some file systems do not raise.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan DropPollInterval { get; set; } = TimeSpan.FromSeconds(2);
}
