namespace DicomFunctions.Core.Jobs.Results;

/// <summary>The position of a record in its part, without the line end.</summary>
internal readonly record struct ResultSpan(long Offset, long Length, bool? Success);
