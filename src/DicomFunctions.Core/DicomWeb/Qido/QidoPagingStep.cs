namespace DicomFunctions.Core.DicomWeb.Qido;

/// <summary>What follows a page of a search.</summary>
internal enum QidoPagingStep
{
    /// <summary>The next page.</summary>
    GoOn,

    /// <summary>Nothing: every row has come.</summary>
    Whole,

    /// <summary>Nothing, though rows may be missing: the server does not give the next page.</summary>
    Stuck,
}
