namespace DicomFunctions.Emulator.Qido;

/// <summary>Matches person names as Cloud Healthcare does.</summary>
internal static class PersonNameMatch
{
    private static readonly char[] Separators = [' ', '^', '=', ',', '\\'];

    /// <summary>Whether the name, or one of its component groups, equals the value. Trailing empty components do not count.</summary>
    public static bool IsExact(string name, string value)
    {
        value = value.TrimEnd('^', '=');
        return Trimmed(name) == value || name.Split('=').Any(group => Trimmed(group) == value);
    }

    /// <summary>Whether any word of the search is a prefix of any word of the name, ignoring case.</summary>
    public static bool IsFuzzy(string name, string search)
    {
        var words = name.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return search.Split(Separators, StringSplitOptions.RemoveEmptyEntries)
            .Any(token => words.Any(word => word.StartsWith(token, StringComparison.OrdinalIgnoreCase)));
    }

    private static string Trimmed(string name) => name.TrimEnd('^', '=', ' ');
}
