namespace DicomFunctions.Core.Drop;

/// <summary>The fields used of an error in <c>drop/failed</c>, which is the record of a file with some additions.</summary>
/// <param name="Source">The name the file was dropped under.</param>
/// <param name="Success">From the record.</param>
/// <param name="Version">The version of the file. Errors of earlier builds have none.</param>
/// <param name="Modified">When the file was last written to. With <paramref name="Bytes"/>, it shows whether the file has changed
/// since.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Left">Why the file is still in <c>drop/incoming</c>; null if it is not.</param>
internal sealed record DropError(string? Source, bool? Success, string? Version, DateTimeOffset? Modified, long? Bytes, string? Left);
