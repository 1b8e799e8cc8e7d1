using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.App.Storage;

/// <summary>An object's name in Azure. The first segment is the container.</summary>
internal readonly partial record struct BlobName(string Container, string Blob)
{
    /// <exception cref="ArgumentException">The name is invalid. The message says why, without the name.</exception>
    public static BlobName Parse(string name)
    {
        ObjectName.Validate(name);
        return Part(name);
    }

    /// <summary>Parses a listed name, which others may have chosen: anything that Azure allows and a URL can represent.</summary>
    /// <exception cref="ObjectDeniedException">A URL would turn the name into that of another blob.</exception>
    public static BlobName ParseListed(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.EndsWith('/') || name.Split('/').Any(segment => segment is "." or ".."))
        {
            throw new ObjectDeniedException(
                "The object store cannot access an object whose name ends in '/' or has a segment '.' or '..'. Rename it.");
        }

        return Part(name);
    }

    private static BlobName Part(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !ContainerRule().IsMatch(name.AsSpan(0, slash)))
            throw new ArgumentException("An object's name must start with a container's: 3 to 63 of a-z, 0-9 and '-'.", nameof(name));
        return new BlobName(name[..slash], name[(slash + 1)..]);
    }

    /// <summary>Splits a prefix into container and rest. False if it is only a prefix of containers' names.</summary>
    public static bool TryParsePrefix(string prefix, [NotNullWhen(true)] out string? container, out string blobPrefix)
    {
        var slash = prefix.IndexOf('/', StringComparison.Ordinal);
        container = slash < 0 ? null : prefix[..slash];
        blobPrefix = slash < 0 ? "" : prefix[(slash + 1)..];
        return container is not null;
    }

    /// <summary>Whether a name is valid for a container.</summary>
    public static bool IsContainer(string name) => ContainerRule().IsMatch(name);

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ContainerRule();
}
