namespace DicomFunctions.Local.Output;

/// <summary>A failed record, as much of it as a person needs.</summary>
/// <param name="Input">The file or other source, if the record names one; otherwise which record it is.</param>
/// <param name="Code">The code of the failure, or the status if there is none.</param>
/// <param name="Message">The reason in words.</param>
internal sealed record FailedInput(string Input, string Code, string Message);
