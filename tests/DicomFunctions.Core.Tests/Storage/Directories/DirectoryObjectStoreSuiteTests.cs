using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Storage.Directories;

[Collection(MemoryCollection.Name)]
public sealed class DirectoryObjectStoreSuiteTests : ObjectStoreSuite, IDisposable
{
    private readonly TempFolder _folder = new();
    private DirectoryObjectStore? _store;

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    private protected override Task<IObjectStore> CreateAsync() =>
        Task.FromResult<IObjectStore>(_store = new DirectoryObjectStore(_folder.Path));
}
