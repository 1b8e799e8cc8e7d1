using System.Text.RegularExpressions;

namespace DicomFunctions.Local.Engine;

/// <summary>The rules for instance ids, which are part of file names.</summary>
internal static partial class InstanceId
{
    /// <summary>Returns <paramref name="id"/> if it consists of 1 to 100 letters, digits, dots, hyphens and underscores.</summary>
    /// <exception cref="ArgumentException">The id is invalid.</exception>
    public static string Validate(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Allowed().IsMatch(id)
            ? id
            : throw new ArgumentException("An instance id must be 1 to 100 letters, digits, dots, hyphens and underscores.", nameof(id));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex Allowed();
}
