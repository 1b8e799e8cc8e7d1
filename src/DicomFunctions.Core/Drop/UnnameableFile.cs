using System.Buffers;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Records;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Renames dropped files whose names are not valid object names, as those of Azure blobs may be, so that they are uploaded like all others.
/// In the local host, <c>dicomfn serve</c> renames such files itself.
/// </summary>
internal static class UnnameableFile
{
    private const string Problem = "The file's name is not a valid object name. Rename it.";

    /// <summary>Renames a file. False if it is gone, or was left with an error.</summary>
    public static async Task<bool> TryRenameAsync(
        IObjectStore store, DropErrors errors, ObjectProperties file, string named, CancellationToken cancellationToken)
    {
        try
        {
            return await store.MoveAsync(file.Name, named, file.ETag, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DropTrouble.IsOfTheFile(exception, cancellationToken))
        {
            await TryLeaveAsync(errors, file, named, FailureText.Of(exception), cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    private static async Task TryLeaveAsync(
        DropErrors errors, ObjectProperties file, string named, string reason, CancellationToken cancellationToken)
    {
        try
        {
            var record = new ArrayBufferWriter<byte>();
            record.Raw("{\"source\":"u8);
            record.Text(file.Name);
            record.Raw(",\"success\":false"u8);
            record.Property("status"u8, Problem);
            record.Raw(",\"error\":{\"code\":"u8);
            record.Text(FailureCode.BadReference);
            record.Property("message"u8, Problem);
            record.Raw("}"u8);
            default(RecordExtras).WriteTo(record, UploadRecord.Kind);
            record.Raw("}"u8);
            var json = DropErrors.ToJson(record.WrittenSpan, file.ETag, left: reason);
            await errors.LeaveAsync(named, file.ETag, json, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DropTrouble.IsOfTheFile(exception, cancellationToken))
        {
            // It has no error; the next listing tries again.
        }
    }
}
