namespace DicomFunctions.Emulator.Storage;

/// <summary>How storing an instance ended.</summary>
internal enum AddOutcome
{
    Stored,

    /// <summary>The very same bytes were there already.</summary>
    AlreadyStored,

    /// <summary>Other bytes are there under the same three UIDs.</summary>
    Conflict,
}
