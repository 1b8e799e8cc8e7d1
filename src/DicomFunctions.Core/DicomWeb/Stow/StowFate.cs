namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>What an answer proves about one instance.</summary>
internal enum StowFate
{
    /// <summary>Nothing: it is listed neither as stored nor as failed.</summary>
    Unconfirmed,

    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>It was not stored.</summary>
    Failed,
}
