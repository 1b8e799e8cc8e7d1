namespace DicomFunctions.Architecture.Tests.Namespaces;

/// <summary>A file of namespace <paramref name="From"/> uses <paramref name="Name"/>, which is in namespace <paramref name="To"/>.</summary>
internal sealed record Reference(string From, string To, string Path, string Name);
