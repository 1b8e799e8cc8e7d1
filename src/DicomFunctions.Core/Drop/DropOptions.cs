using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Core.Drop;

/// <summary>What happens to files that are dropped into <c>drop/incoming</c>.</summary>
public sealed class DropOptions
{
    public const string SectionName = "DicomFunctions:Drop";

    /// <summary>The store dropped files go to, <c>projects/…/dicomStores/…</c>. Null: files that no alias routes fail.</summary>
    public string? Destination { get; set; }

    /// <summary>
    /// Stores by alias: a file below <c>drop/incoming/ALIAS/</c> goes to that store. Where there are any, the first folder of a file's
    /// path must be one of them; a file that lies in no folder goes to <see cref="Destination"/>.
    /// </summary>
    public IDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A file is taken once it has not been written to for this long: it may still be on its way.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether stored files are moved to <c>drop/archive</c> instead of removed.</summary>
    public bool Archive { get; set; }

    /// <summary>The most files worked as one job.</summary>
    [Range(1, 1_000_000)]
    public int MaxFilesPerJob { get; set; } = 10_000;

    /// <summary>How many batches of a drop's job are in flight; null: the jobs' default.</summary>
    [Range(1, 1_000)]
    public int? MaxWorkers { get; set; }

    /// <summary>Whether dropped files are worked at all: there is a store for some.</summary>
    internal bool IsEnabled => Destination is not null || Aliases.Count > 0;
}
