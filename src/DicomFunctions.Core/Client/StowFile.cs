using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Client;

/// <summary>A DICOM file on this machine, to store.</summary>
internal sealed class StowFile(string path, long length, Part10Header header) : StowInstance
{
    private const int CopyBuffer = 256 * 1024;

    public override long? Length => length;

    public override Part10Header Header => header;

    /// <summary>Reads a file's header; null, with the outcome of storing it, if it cannot be stored.</summary>
    public static async Task<(StowFile? File, StowOutcome? Problem)> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var content = Open(path);
            await using (content.ConfigureAwait(false))
            {
                var result = await Part10Header.ReadAsync(content, content.Length, cancellationToken).ConfigureAwait(false);
                return result.IsFound
                    ? (new StowFile(path, content.Length, result.Header), null)
                    : (null, Problem(FailureCode.NotDicom, result.Reason ?? "The file is not DICOM."));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, Problem(FailureCode.Unreadable, exception.Message));
        }
    }

    public override async Task CopyToAsync(Stream target, Action progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(progress);
        try
        {
            var content = Open(path);
            await using (content.ConfigureAwait(false))
            {
                if (content.Length != length)
                    throw new StowSourceException(FailureCode.Changed, "The file changed while it was read. Send it again.");
                var buffer = new byte[CopyBuffer];
                int read;
                while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                {
                    await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    progress();
                }
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new StowSourceException(FailureCode.Unreadable, "The file can no longer be read.", exception);
        }
    }

    private static FileStream Open(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    private static StowOutcome Problem(string code, string reason) => new()
    {
        Success = false,
        Status = OutcomeStatus.Of(code, reason),
        Error = new StowError { Code = code, Reason = reason },
    };
}
