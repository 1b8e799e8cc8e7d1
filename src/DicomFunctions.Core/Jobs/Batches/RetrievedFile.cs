using System.Buffers;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>A file that was retrieved: a row of the record.</summary>
/// <param name="Name">Its name in the store it is in.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of its bytes, in lower-case hex.</param>
/// <param name="TransferSyntax">The UID of its transfer syntax.</param>
/// <param name="StudyInstanceUid">Its study instance UID.</param>
/// <param name="SeriesInstanceUid">Its series instance UID.</param>
/// <param name="SopInstanceUid">Its SOP instance UID.</param>
internal sealed record RetrievedFile(
    string Name,
    long Bytes,
    string Sha256,
    string TransferSyntax,
    string StudyInstanceUid,
    string SeriesInstanceUid,
    string SopInstanceUid)
{
    private static ReadOnlySpan<byte> Start => "{\"name\":"u8;

    /// <summary>Whether a row of a record is that of a file, rather than a data set.</summary>
    public static bool IsIn(ReadOnlySpan<byte> row) => row.StartsWith(Start);

    /// <summary>The row as JSON, on one line.</summary>
    /// <param name="name">The name that the user is told.</param>
    public ReadOnlyMemory<byte> ToJson(string name)
    {
        var json = new ArrayBufferWriter<byte>(512);
        json.Raw(Start);
        json.Text(name);
        json.Property("bytes"u8, Bytes);
        json.Property("sha256"u8, Sha256);
        json.Property("transfer_syntax"u8, TransferSyntax);
        json.Property("study_instance_uid"u8, StudyInstanceUid);
        json.Property("series_instance_uid"u8, SeriesInstanceUid);
        json.Property("sop_instance_uid"u8, SopInstanceUid);
        json.Raw("}"u8);
        return json.WrittenMemory;
    }
}
