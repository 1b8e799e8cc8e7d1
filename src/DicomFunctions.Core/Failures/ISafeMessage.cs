namespace DicomFunctions.Core.Failures;

/// <summary>
/// An exception whose message names no patient and holds no secret, whoever throws it: it may be logged, shown, and kept in histories. Of
/// any other exception only the type is told, since its message may quote anything: a path, a value, a request.
/// </summary>
internal interface ISafeMessage;
