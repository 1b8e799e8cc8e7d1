namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>What is asked of an object resource of the Cloud Storage JSON API.</summary>
internal sealed record GcsObject
{
    public string? Name { get; init; }

    /// <summary>In bytes.</summary>
    public long Size { get; init; }

    /// <summary>Another with every content.</summary>
    public string? Generation { get; init; }

    public string? ContentEncoding { get; init; }
}
