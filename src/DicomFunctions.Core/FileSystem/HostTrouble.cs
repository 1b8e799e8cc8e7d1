using System.Net.Sockets;

namespace DicomFunctions.Core.FileSystem;

/// <summary>
/// Distinguishes failures of the whole host, such as no memory or no free file descriptor, from those of one input. They pass, or end
/// with the process, so they are never an input's final failure.
/// </summary>
internal static class HostTrouble
{
    /// <summary>Whether an exception, or one that caused it, is a failure of the host.</summary>
    public static bool Is(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is OutOfMemoryException or InsufficientExecutionStackException
                or IOException { HResult: LibC.NoMemory or LibC.TooManyOpenFiles or LibC.TooManyOpenFilesInSystem }
                or SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable }
                || (cause is AggregateException { InnerExceptions: var all } && all.Any(Is)))
            {
                return true;
            }
        }

        return false;
    }
}
