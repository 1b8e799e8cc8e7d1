namespace DicomFunctions.Core.Jobs.Results;

/// <summary>A record: its results file, and where in it.</summary>
internal readonly record struct JobRecord(string Part, ResultSpan Span);
