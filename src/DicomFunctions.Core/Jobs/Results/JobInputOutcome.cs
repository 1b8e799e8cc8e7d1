namespace DicomFunctions.Core.Jobs.Results;

/// <summary>An input and its record; null if the job was cancelled before it. The input is valid until the next is requested.</summary>
internal readonly record struct JobInputOutcome(ReadOnlyMemory<byte> Input, JobRecord? Record);
