using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>An answer is not the multipart body that it says it is. The message quotes nothing of it.</summary>
internal sealed class MalformedAnswerException(string message) : IOException(message), ISafeMessage;
