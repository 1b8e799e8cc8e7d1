namespace DicomFunctions.Architecture.Tests.Namespaces;

/// <summary>A file in namespace <paramref name="From"/> uses <paramref name="Name"/> of namespace <paramref name="To"/>.</summary>
internal sealed record Reference(string From, string To, string Path, string Name);
