using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Core.Storage;

/// <summary>The rules for objects' names in all stores: a name cannot lead out of the store, and means the same in every store.</summary>
internal static class ObjectName
{
    private const int MaxLength = 1024;
    private const int MaxSegmentLength = 255;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        "\\\u007f" + string.Concat(Enumerable.Range(0, 32).Select(c => (char)c)));

    /// <summary>Why <paramref name="name"/> cannot be an object's name, or null if it can.</summary>
    /// <remarks>
    /// At most 1,024 characters; segments separated by <c>/</c>, none empty, <c>.</c>, <c>..</c> or over 255 bytes of UTF-8;
    /// no control character and no backslash.
    /// </remarks>
    public static string? Problem([NotNull] string? name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxLength)
            return $"An object's name must have 1 to {MaxLength} characters.";
        if (name.AsSpan().ContainsAny(Forbidden))
            return "An object's name cannot have control characters or backslashes.";
        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment.IsEmpty || segment is "." or "..")
                return "A segment of an object's name cannot be empty, '.' or '..'.";
            if (System.Text.Encoding.UTF8.GetByteCount(segment) > MaxSegmentLength)
                return $"A segment of an object's name cannot be longer than {MaxSegmentLength} bytes.";
        }

        return null;
    }

    /// <summary>Returns <paramref name="name"/> if it can be an object's name.</summary>
    /// <exception cref="ArgumentException">It cannot. The message says why, without the name.</exception>
    public static string Validate(string name) => Problem(name) is { } problem ? throw new ArgumentException(problem, nameof(name)) : name;
}
