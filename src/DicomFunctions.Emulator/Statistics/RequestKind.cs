namespace DicomFunctions.Emulator.Statistics;

/// <summary>The kind of a request.</summary>
public enum RequestKind
{
    /// <summary>QIDO-RS (PS3.18 §10.6).</summary>
    Search,

    /// <summary>STOW-RS (PS3.18 §10.5).</summary>
    Store,

    /// <summary>WADO-RS retrieval of instances (PS3.18 §10.4).</summary>
    Retrieve,

    /// <summary>WADO-RS retrieval of metadata.</summary>
    Metadata,

    /// <summary>Deletion of a study, series or instance.</summary>
    Delete,

    /// <summary>Pub/Sub.</summary>
    PubSub,

    /// <summary>Anything else.</summary>
    Other,
}
