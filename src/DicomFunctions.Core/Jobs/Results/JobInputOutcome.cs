namespace DicomFunctions.Core.Jobs.Results;

/// <summary>An input and its record; no record when a cancel passed it over. The input is valid until the next is asked for.</summary>
internal readonly record struct JobInputOutcome(ReadOnlyMemory<byte> Input, JobRecord? Record);
