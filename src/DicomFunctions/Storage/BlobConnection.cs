using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.Storage;

/// <summary>Opens a storage account from the settings that the Functions host reads, by the same names and rules.</summary>
internal static class BlobConnection
{
    /// <summary>The account of the connection of that name.</summary>
    /// <exception cref="OptionsValidationException">There is no such connection, or it lacks a part.</exception>
    public static BlobServiceClient Open(IConfiguration configuration, string name)
    {
        // The host takes both AzureWebJobsNAME and NAME; the prefix is there already for its own account.
        var section = Present(configuration.GetSection("AzureWebJobs" + name)) ?? Present(configuration.GetSection(name))
            ?? throw Invalid($"There is no connection {name}. Set it to a connection string, or set {name}__blobServiceUri.");
        var options = new BlobClientOptions
        {
            Retry = { MaxRetries = 4 },

            // Both would tell URLs, and with them the names of dropped files.
            Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false },
        };
        if (section.Value is { Length: > 0 } connectionString)
            return new BlobServiceClient(connectionString, options);

        return new BlobServiceClient(ServiceUri(section, name), Credential(section), options);
    }

    private static IConfigurationSection? Present(IConfigurationSection section) => section.Exists() ? section : null;

    private static Uri ServiceUri(IConfigurationSection section, string name)
    {
        var address = section["blobServiceUri"] ?? section["serviceUri"]
            ?? (section["accountName"] is { Length: > 0 } account ? $"https://{account}.blob.core.windows.net" : null);
        return Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? uri
            : throw Invalid($"The connection {name} needs {name}__blobServiceUri, a URI, or {name}__accountName.");
    }

    private static TokenCredential Credential(IConfigurationSection section)
    {
        var clientId = section["clientId"];
        if (string.Equals(section["credential"], "managedidentity", StringComparison.OrdinalIgnoreCase))
        {
            return new ManagedIdentityCredential(
                clientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId));
        }

        return new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId });
    }

    private static OptionsValidationException Invalid(string problem)
        => new(StorageOptions.SectionName, typeof(StorageOptions), [problem]);
}
