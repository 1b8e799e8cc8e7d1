namespace DicomFunctions.Integration.Network;

/// <summary>How a toxic connection ends.</summary>
internal enum Ending
{
    /// <summary>Both sides are told that it broke (RST), and what was under way is lost.</summary>
    Reset,

    /// <summary>The client is told that no more will come (FIN), wherever that leaves it.</summary>
    Close,

    /// <summary>Nobody is told anything: it stays open, and nothing comes or is read any more.</summary>
    Silence,
}
