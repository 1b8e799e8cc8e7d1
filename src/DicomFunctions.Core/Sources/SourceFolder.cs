namespace DicomFunctions.Core.Sources;

/// <summary>The folder of the object store whose objects callers can name as sources.</summary>
/// <param name="Prefix">The folder's name and a slash.</param>
internal sealed record SourceFolder(string Prefix);
