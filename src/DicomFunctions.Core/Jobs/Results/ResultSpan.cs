namespace DicomFunctions.Core.Jobs.Results;

/// <summary>Where a record lies in its results file, without the line's end.</summary>
internal readonly record struct ResultSpan(long Offset, long Length, bool? Success);
