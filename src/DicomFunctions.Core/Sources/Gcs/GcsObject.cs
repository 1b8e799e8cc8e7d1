namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>The fields used of an object resource of the Cloud Storage JSON API.</summary>
internal sealed record GcsObject
{
    public string? Name { get; init; }

    /// <summary>The length in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Changes with every content.</summary>
    public string? Generation { get; init; }

    public string? ContentEncoding { get; init; }
}
