using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DicomFunctions.App.Storage;

/// <summary>Connects to a storage account with the settings of the Functions host, by the same names and rules.</summary>
internal static class BlobConnection
{
    /// <summary>Opens the account of a named connection.</summary>
    /// <exception cref="OptionsValidationException">The connection is missing or incomplete.</exception>
    public static BlobServiceClient Open(IConfiguration configuration, string name)
    {
        // The host accepts both AzureWebJobsNAME and NAME; the name of its own account already has the prefix.
        var section = Present(configuration.GetSection("AzureWebJobs" + name)) ?? Present(configuration.GetSection(name))
            ?? throw Invalid($"Connection {name} is not configured. Set {name} to a connection string, or set {name}__blobServiceUri.");
        var options = new BlobClientOptions
        {
            Retry = { MaxRetries = 4 },

            // Both would reveal URLs, and with them the names of dropped files.
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
            : throw Invalid($"Connection {name} needs {name}__blobServiceUri (a URI) or {name}__accountName.");
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

    private static OptionsValidationException Invalid(string problem) =>
        new(StorageOptions.SectionName, typeof(StorageOptions), [problem]);
}
