using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Core.Drop;

/// <summary>What happens to files in <c>drop/incoming</c>.</summary>
internal sealed class DropOptions
{
    public const string SectionName = "DicomFunctions:Drop";

    /// <summary>The store for dropped files, <c>projects/…/dicomStores/…</c>. If null, files without an alias fail.</summary>
    public string? Destination { get; set; }

    /// <summary>
    /// Stores by alias: a file below <c>drop/incoming/ALIAS/</c> goes to that store. If there are any, the first folder of a file's path
    /// must be one of them; a file in no folder goes to <see cref="Destination"/>.
    /// </summary>
    public IDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A file is uploaded once it has not been written to for this long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether stored files are moved to <c>drop/archive</c> instead of removed.</summary>
    public bool Archive { get; set; }

    /// <summary>The most files in one job.</summary>
    [Range(1, 1_000_000)]
    public int MaxFilesPerJob { get; set; } = 10_000;

    /// <summary>The most requests in flight for dropped files; null for the default of jobs.</summary>
    [Range(1, 1_000)]
    public int? MaxWorkers { get; set; }

    /// <summary>Whether dropped files are uploaded: there is a store for some.</summary>
    internal bool IsEnabled => Destination is not null || Aliases.Count > 0;
}
