using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Sources.Files;

/// <summary>Why a file could not be opened.</summary>
internal static class FileProblem
{
    /// <summary>Null if the exception says nothing about the file, but about this host.</summary>
    public static SourceProblem? Of(Exception exception) => exception switch
    {
        UnauthorizedAccessException => new(FailureCode.Forbidden, "This host's user may not read the file."),
        FileNotFoundException or DirectoryNotFoundException => new(FailureCode.NotFound, "There is no such file."),
        IOException when !HostTrouble.Is(exception) =>
            new(FailureCode.Unreadable, "The file cannot be read: the file system reports an error."),
        _ => null,
    };
}
