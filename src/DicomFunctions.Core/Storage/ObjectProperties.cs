namespace DicomFunctions.Core.Storage;

/// <summary>The properties of an object.</summary>
internal sealed record ObjectProperties
{
    /// <summary>The full name of the object.</summary>
    public required string Name { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Changes whenever the content does. Compare it, but do not parse it.</summary>
    public required string ETag { get; init; }

    /// <summary>When the content was last written.</summary>
    public required DateTimeOffset LastModified { get; init; }
}
