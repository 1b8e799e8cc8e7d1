namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>What an answer proves of one instance.</summary>
internal enum StowFate
{
    /// <summary>Nothing: it is neither listed as stored nor as failed.</summary>
    Unconfirmed,

    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>It was not stored.</summary>
    Failed,
}
