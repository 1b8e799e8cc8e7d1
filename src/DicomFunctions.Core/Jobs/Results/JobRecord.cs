namespace DicomFunctions.Core.Jobs.Results;

/// <summary>The position of a record: its part, and where in it.</summary>
internal readonly record struct JobRecord(string Part, ResultSpan Span);
