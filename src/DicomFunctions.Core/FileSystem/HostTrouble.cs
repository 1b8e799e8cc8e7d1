using System.Net.Sockets;

namespace DicomFunctions.Core.FileSystem;

/// <summary>
/// Tells what is the trouble of the whole host, such as no memory or no free file descriptor, from what is one input's: it passes, or comes
/// to an end with the process, and is never an input's final failure.
/// </summary>
internal static class HostTrouble
{
    /// <summary>Whether an exception, or what caused it, tells of the host's trouble.</summary>
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
