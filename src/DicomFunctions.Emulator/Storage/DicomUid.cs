namespace DicomFunctions.Emulator.Storage;

/// <summary>Unique identifiers (PS3.5 §9): digits and dots, at most 64 characters, so safe in a path.</summary>
internal static class DicomUid
{
    /// <summary>
    /// Whether it is a UID. Leading zeros in a component, which the standard forbids, are accepted: real files have them.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<char> uid)
    {
        if (uid.Length is 0 or > 64 || uid[0] == '.' || uid[^1] == '.')
            return false;

        var previous = '0';
        foreach (var c in uid)
        {
            if (!(char.IsAsciiDigit(c) || (c == '.' && previous != '.')))
                return false;

            previous = c;
        }

        return true;
    }
}
