using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.App.Storage;

/// <summary>Where jobs and dropped files are kept.</summary>
public sealed class StorageOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "DicomFunctions:Storage";

    /// <summary>
    /// The name of the connection whose account holds the containers <c>jobs</c> and <c>drop</c>, given as the Functions host takes
    /// it: a connection string under that name, or <c>NAME__blobServiceUri</c> and its like. Default: the host's own account,
    /// which is the one the blob trigger watches.
    /// </summary>
    [Required]
    public string ConnectionName { get; set; } = "AzureWebJobsStorage";
}
