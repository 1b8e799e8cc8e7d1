using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Core.Storage;

/// <summary>What may name an object, in every store alike: nothing that could leave the store or mean two things in one.</summary>
public static class ObjectName
{
    private const int MaxLength = 1024;
    private const int MaxSegmentLength = 255;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        "\\\u007f" + string.Concat(Enumerable.Range(0, 32).Select(c => (char)c)));

    /// <summary>Tells why <paramref name="name"/> can not be an object's name, or null when it can.</summary>
    /// <remarks>
    /// At most 1,024 characters; segments parted by <c>/</c>, none empty, <c>.</c>, <c>..</c> or over 255 bytes of UTF-8;
    /// no control character and no backslash.
    /// </remarks>
    public static string? Problem([NotNull] string? name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxLength)
            return $"An object's name has 1 to {MaxLength} characters.";
        if (name.AsSpan().ContainsAny(Forbidden))
            return "An object's name has no control character and no backslash.";
        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment.IsEmpty || segment is "." or "..")
                return "No segment of an object's name is empty, '.' or '..'.";
            if (System.Text.Encoding.UTF8.GetByteCount(segment) > MaxSegmentLength)
                return $"No segment of an object's name is over {MaxSegmentLength} bytes.";
        }

        return null;
    }

    /// <summary>Returns <paramref name="name"/> when it can be an object's name.</summary>
    /// <exception cref="ArgumentException">It can not; the message says why, without the name.</exception>
    public static string Validate(string name) => Problem(name) is { } problem ? throw new ArgumentException(problem, nameof(name)) : name;
}
