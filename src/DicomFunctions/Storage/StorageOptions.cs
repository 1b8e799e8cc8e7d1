using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.App.Storage;

/// <summary>The storage of jobs and dropped files.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "DicomFunctions:Storage";

    /// <summary>
    /// The name of the connection to the account with the containers <c>jobs</c> and <c>drop</c>, configured as for the Functions host: a
    /// connection string under that name, or <c>NAME__blobServiceUri</c> and the like. Default: the host's own account, which the blob
    /// trigger watches.
    /// </summary>
    [Required]
    public string ConnectionName { get; set; } = "AzureWebJobsStorage";
}
