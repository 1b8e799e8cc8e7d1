namespace DicomFunctions.Core.Records;

/// <summary>The keys of requests and records.</summary>
internal static class RequestKeys
{
    public static ReadOnlySpan<byte> ProjectId => "project_id"u8;

    public static ReadOnlySpan<byte> Region => "region"u8;

    public static ReadOnlySpan<byte> DatasetId => "dataset_id"u8;

    public static ReadOnlySpan<byte> DicomStoreId => "dicom_store_id"u8;

    public static ReadOnlySpan<byte> SearchType => "search_type"u8;

    public static ReadOnlySpan<byte> RetrieveType => "retrieve_type"u8;

    public static ReadOnlySpan<byte> Params => "params"u8;
}
