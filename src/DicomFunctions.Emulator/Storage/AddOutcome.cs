namespace DicomFunctions.Emulator.Storage;

/// <summary>The outcome of storing an instance.</summary>
internal enum AddOutcome
{
    Stored,

    /// <summary>The store already has the same bytes.</summary>
    AlreadyStored,

    /// <summary>The store has other bytes under the same three UIDs.</summary>
    Conflict,
}
