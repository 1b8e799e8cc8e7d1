using Xunit;

namespace DicomFunctions.EndToEnd;

/// <summary>One app for all tests, one test at a time.</summary>
[CollectionDefinition(FunctionApp.Collection)]
public sealed class FunctionAppCollection : ICollectionFixture<FunctionApp>;
