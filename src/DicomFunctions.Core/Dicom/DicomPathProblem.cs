using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Dicom;

/// <summary>Why a text is not the path of an instance.</summary>
/// <param name="Code">A constant of <see cref="FailureCode"/>.</param>
/// <param name="Message">A message for people. Does not repeat the text.</param>
internal sealed record DicomPathProblem(string Code, string Message);
