using System.Text.RegularExpressions;

namespace DicomFunctions.Local.Engine;

/// <summary>What may identify an instance: it is a part of file names.</summary>
internal static partial class InstanceId
{
    /// <summary>Returns <paramref name="id"/> when it is 1 to 100 letters, digits, dots, hyphens and underscores.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static string Validate(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Allowed().IsMatch(id)
            ? id
            : throw new ArgumentException("An instance id is 1 to 100 letters, digits, dots, hyphens and underscores.", nameof(id));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex Allowed();
}
