using DicomFunctions.Core.Failures;

namespace DicomFunctions.Local.Engine;

/// <summary>A journal is damaged beyond the torn end that a crash leaves.</summary>
internal sealed class JournalCorruptException : Exception, ISafeMessage
{
    public JournalCorruptException() { }

    public JournalCorruptException(string message) : base(message) { }

    public JournalCorruptException(string message, Exception innerException) : base(message, innerException) { }
}
