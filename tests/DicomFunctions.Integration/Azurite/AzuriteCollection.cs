using DicomFunctions.Testing.Azurite;

namespace DicomFunctions.Integration.Azurite;

/// <summary>One Azurite for all that need it, one test after the other: the containers' names are the product's.</summary>
[CollectionDefinition(AzuriteBlobs.Collection)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteBlobs>;
