using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Settings;

namespace DicomFunctions.Local.Hosting;

/// <summary>What only the local host has.</summary>
public sealed class LocalOptions
{
    public const string SectionName = "DicomFunctions:Local";

    /// <summary>The directory of jobs, dropped files and journals. One process at a time may use it.</summary>
    [Required]
    public string DataDirectory { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "dicomfn");

    /// <summary>Where to listen.</summary>
    [Required, HttpUrl]
    public Uri Url { get; set; } = new("http://127.0.0.1:7071");

    /// <summary>
    /// What every request must carry, as the header <c>x-functions-key</c> or the query parameter <c>code</c>. Required unless
    /// <see cref="Url"/> is a loopback address.
    /// </summary>
    [MinLength(16)]
    public string? ApiKey { get; set; }

    /// <summary>How often the drop folder is looked at, beside the file system's own events, which some file systems do not give.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan DropPollInterval { get; set; } = TimeSpan.FromSeconds(2);
}
