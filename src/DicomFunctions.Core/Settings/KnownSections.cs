using Microsoft.Extensions.Configuration;

namespace DicomFunctions.Core.Settings;

/// <summary>The sections of all hosts' settings, so that a mistyped section is refused like a mistyped key.</summary>
internal sealed class KnownSections
{
    public const string Root = "DicomFunctions";

    public IConfigurationSection? Api { get; set; }

    public IConfigurationSection? Authorization { get; set; }

    public IConfigurationSection? DicomWeb { get; set; }

    public IConfigurationSection? Drop { get; set; }

    public IConfigurationSection? Events { get; set; }

    public IConfigurationSection? GoogleCredentials { get; set; }

    public IConfigurationSection? Jobs { get; set; }

    public IConfigurationSection? Local { get; set; }

    public IConfigurationSection? Notifications { get; set; }

    public IConfigurationSection? Push { get; set; }

    public IConfigurationSection? Sources { get; set; }

    public IConfigurationSection? Storage { get; set; }

    /// <summary>Whether all names of settings differ by more than case. Otherwise it would be left to chance which value counts.</summary>
    public static bool HasNoTwins(IEnumerable<string> names) => names
        .Where(name => name.StartsWith(Root, StringComparison.OrdinalIgnoreCase))
        .CountBy(name => name, StringComparer.OrdinalIgnoreCase)
        .All(named => named.Value == 1);
}
