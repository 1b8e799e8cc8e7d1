using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.App.Storage;

/// <summary>An object's name as Azure has it: its first segment is the container.</summary>
internal readonly partial record struct BlobName(string Container, string Blob)
{
    /// <exception cref="ArgumentException">It names no blob; the message says why, without the name.</exception>
    public static BlobName Parse(string name)
    {
        ObjectName.Validate(name);
        return Part(name);
    }

    /// <summary>A name as a listing gave it, which others may have chosen: anything Azure allows, as far as it can be asked for.</summary>
    /// <exception cref="ObjectDeniedException">It cannot: on the way it would become that of another blob.</exception>
    public static BlobName ParseListed(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.EndsWith('/') || name.Split('/').Any(segment => segment is "." or ".."))
            throw new ObjectDeniedException("The object store cannot ask for an object whose name ends in '/', or has a segment '.' or '..'. Rename it.");
        return Part(name);
    }

    private static BlobName Part(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !ContainerRule().IsMatch(name.AsSpan(0, slash)))
            throw new ArgumentException("An object's name begins with a container: 3 to 63 of a-z, 0-9 and single hyphens.", nameof(name));
        return new BlobName(name[..slash], name[(slash + 1)..]);
    }

    /// <summary>Parts a prefix that reaches into a container. One that does not is a prefix of containers' names.</summary>
    public static bool TryParsePrefix(string prefix, [NotNullWhen(true)] out string? container, out string blobPrefix)
    {
        var slash = prefix.IndexOf('/', StringComparison.Ordinal);
        container = slash < 0 ? null : prefix[..slash];
        blobPrefix = slash < 0 ? "" : prefix[(slash + 1)..];
        return container is not null;
    }

    /// <summary>Whether a container can have that name at all.</summary>
    public static bool IsContainer(string name) => ContainerRule().IsMatch(name);

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ContainerRule();
}
