namespace DicomFunctions.Core.Failures;

/// <summary>How many inputs failed for one reason.</summary>
/// <param name="Code">A constant of <see cref="FailureCode"/>.</param>
/// <param name="Count">The number of records with it.</param>
/// <param name="First">The number of the first input with it, counted from 0.</param>
internal sealed record FailureCount(string Code, long Count, long First);
