namespace DicomFunctions.Core.Drop;

/// <summary>The folders of dropped files in the object store, each with its trailing slash.</summary>
internal static class DropFolder
{
    /// <summary>All of them.</summary>
    public const string Root = "drop/";

    /// <summary>Where files are dropped.</summary>
    public const string Incoming = Root + "incoming/";

    /// <summary>Where files that could not be stored are moved, each with its error beside it.</summary>
    public const string Failed = Root + "failed/";

    /// <summary>Where stored files are moved if <see cref="DropOptions.Archive"/> is set.</summary>
    public const string Archive = Root + "archive/";
}
