using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>The source of an instance could not be read completely. The message says why, without naming it.</summary>
/// <param name="code">A constant of <see cref="FailureCode"/>.</param>
/// <param name="message">Why.</param>
/// <param name="cause">The exception behind it, if there was one.</param>
public sealed class StowSourceException(string code, string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>A constant of <see cref="FailureCode"/>.</summary>
    public string Code { get; } = code;

    /// <summary>Whether the source may well be read whole another time, so that the request is worth another attempt.</summary>
    public bool IsTransient { get; init; }
}
