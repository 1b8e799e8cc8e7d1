namespace DicomFunctions.Emulator.Wado;

/// <summary>
/// The form in which instances are sent: alone or as multipart, in the transfer syntax with a UID, or as stored if that is null.
/// </summary>
internal readonly record struct RetrieveFormat(bool IsMultipart, string? TransferSyntaxUid);
