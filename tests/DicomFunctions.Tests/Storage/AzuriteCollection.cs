using Xunit;

namespace DicomFunctions.App.Tests.Storage;

/// <summary>One Azurite for all that need it.</summary>
[CollectionDefinition(Azurite.Collection)]
public sealed class AzuriteCollection : ICollectionFixture<Azurite>;
