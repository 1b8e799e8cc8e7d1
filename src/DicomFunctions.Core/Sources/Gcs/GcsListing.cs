namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>A page of a listing.</summary>
internal sealed record GcsListing
{
    public IReadOnlyList<GcsObject>? Items { get; init; }

    public string? NextPageToken { get; init; }
}
