namespace DicomFunctions.Core.Drop;

/// <summary>What is read of an error in <c>drop/failed</c>: a file's record, and what is added to it here.</summary>
/// <param name="Source">The name the file was dropped under.</param>
/// <param name="Success">The record's.</param>
/// <param name="Version">The version of the file it is about. Errors of earlier builds have none.</param>
/// <param name="Modified">When the file was last written to; with <paramref name="Bytes"/>, what tells that it changed since.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Left">Why the file is still in <c>drop/incoming</c>; null: it is not.</param>
internal sealed record DropError(string? Source, bool? Success, string? Version, DateTimeOffset? Modified, long? Bytes, string? Left);
