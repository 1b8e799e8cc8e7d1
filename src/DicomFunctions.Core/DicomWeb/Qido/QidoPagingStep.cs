namespace DicomFunctions.Core.DicomWeb.Qido;

/// <summary>What follows a page of a search.</summary>
internal enum QidoPagingStep
{
    /// <summary>Request the next page.</summary>
    GoOn,

    /// <summary>End: every row has arrived.</summary>
    Whole,

    /// <summary>End, but rows may be missing: the server does not return the next page.</summary>
    Stuck,
}
