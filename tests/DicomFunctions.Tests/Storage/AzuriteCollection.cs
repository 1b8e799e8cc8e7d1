using DicomFunctions.Testing.Azurite;
using Xunit;

namespace DicomFunctions.App.Tests.Storage;

/// <summary>One Azurite for all that need it.</summary>
[CollectionDefinition(AzuriteBlobs.Collection)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteBlobs>;
