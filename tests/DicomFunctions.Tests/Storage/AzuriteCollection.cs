using DicomFunctions.Testing.Azurite;
using Xunit;

namespace DicomFunctions.App.Tests.Storage;

/// <summary>One Azurite for all that need it, and no other tests beside them: some measure the process's memory.</summary>
[CollectionDefinition(AzuriteBlobs.Collection, DisableParallelization = true)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteBlobs>;
