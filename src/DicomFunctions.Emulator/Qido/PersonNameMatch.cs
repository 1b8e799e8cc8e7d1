namespace DicomFunctions.Emulator.Qido;

/// <summary>How person names are matched.</summary>
internal static class PersonNameMatch
{
    private static readonly char[] Separators = [' ', '^', '=', ',', '\\'];

    /// <summary>The whole name, or one of its component groups, is exactly the value; trailing empty components do not count.</summary>
    public static bool IsExact(string name, string value)
    {
        value = value.TrimEnd('^', '=');
        return Trimmed(name) == value || name.Split('=').Any(group => Trimmed(group) == value);
    }

    /// <summary>Any word of the search is the beginning of any word of the name, upper and lower case alike.</summary>
    public static bool IsFuzzy(string name, string search)
    {
        var words = name.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return search.Split(Separators, StringSplitOptions.RemoveEmptyEntries)
            .Any(token => words.Any(word => word.StartsWith(token, StringComparison.OrdinalIgnoreCase)));
    }

    private static string Trimmed(string name) => name.TrimEnd('^', '=', ' ');
}
