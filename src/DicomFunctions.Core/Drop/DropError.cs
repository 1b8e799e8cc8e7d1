namespace DicomFunctions.Core.Drop;

/// <summary>Of the record beside a file in <c>drop/failed</c>, what tells which file's it is.</summary>
internal sealed record DropError(string? Source, bool? Success);
