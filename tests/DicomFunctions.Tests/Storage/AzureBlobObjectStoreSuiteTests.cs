using DicomFunctions.App.Storage;
using DicomFunctions.Core.Storage;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.App.Tests.Storage;

[Collection(Azurite.Collection)]
[Trait("Peer", "Azurite")]
[RequiresAzurite]
public sealed class AzureBlobObjectStoreSuiteTests(Azurite azurite) : ObjectStoreSuite
{
    /// <summary>Many blocks; a gibibyte streams through in <see cref="AzureBlobObjectStoreTests"/>.</summary>
    protected override long LargeLength => 64L * 1024 * 1024;

    protected override Task<IObjectStore> CreateAsync() => Task.FromResult<IObjectStore>(new AzureBlobObjectStore(azurite.Service));
}
