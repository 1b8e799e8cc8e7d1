using Azure.Storage.Blobs;
using DicomFunctions.App.Storage;
using DicomFunctions.Core.Storage;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Azurite;
using Xunit;

namespace DicomFunctions.App.Tests.Storage;

[Collection(AzuriteBlobs.Collection)]
[Trait("Peer", "Azurite")]
[RequiresAzurite]
public sealed class AzureBlobObjectStoreSuiteTests(AzuriteBlobs azurite) : ObjectStoreSuite
{
    /// <summary>Many blocks; a gibibyte streams through in <see cref="AzureBlobObjectStoreTests"/>.</summary>
    private protected override long LargeLength => 64L * 1024 * 1024;

    private protected override Task<IObjectStore> CreateAsync() =>
        Task.FromResult<IObjectStore>(new AzureBlobObjectStore(new BlobServiceClient(azurite.ConnectionString)));
}
