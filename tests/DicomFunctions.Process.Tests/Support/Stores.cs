namespace DicomFunctions.Process.Tests.Support;

/// <summary>The stores of these tests.</summary>
internal static class Stores
{
    /// <summary>Takes uploads.</summary>
    public const string Files = Dataset + "files";

    /// <summary>Takes uploads, of which it notifies nobody.</summary>
    public const string Archive = Dataset + "archive";

    /// <summary>Answers searches with rows made up.</summary>
    public const string Rows = Dataset + "rows";

    private const string Dataset = "projects/p/locations/l/datasets/d/dicomStores/";

    /// <summary>A search request at <see cref="Rows"/>.</summary>
    public static string Request(string level, string parameters) =>
        """{"project_id":"p","region":"l","dataset_id":"d","dicom_store_id":"rows","""
        + $"\"search_type\":\"{level}\",\"params\":{{{parameters}}}}}";
}
