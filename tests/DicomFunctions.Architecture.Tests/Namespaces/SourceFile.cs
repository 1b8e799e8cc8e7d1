namespace DicomFunctions.Architecture.Tests.Namespaces;

/// <summary>A C# file: its path relative to the repository, its text, and the namespace that its folder stands for.</summary>
internal sealed record SourceFile(string Path, string Text, string FolderNamespace);
