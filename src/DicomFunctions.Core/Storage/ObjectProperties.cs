namespace DicomFunctions.Core.Storage;

/// <summary>What a store tells of one object.</summary>
public sealed record ObjectProperties
{
    /// <summary>The object's name, from the store's root.</summary>
    public required string Name { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Changes whenever the content does; compared, never parsed.</summary>
    public required string ETag { get; init; }

    /// <summary>When the content was last written.</summary>
    public required DateTimeOffset LastModified { get; init; }
}
