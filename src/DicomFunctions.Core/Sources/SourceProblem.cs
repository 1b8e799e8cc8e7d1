using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Sources;

/// <summary>Why a source cannot be uploaded.</summary>
/// <param name="Code">A constant of <see cref="FailureCode"/>.</param>
/// <param name="Message">A message for people: what is wrong and what to do. Does not repeat the reference.</param>
internal sealed record SourceProblem(string Code, string Message);
