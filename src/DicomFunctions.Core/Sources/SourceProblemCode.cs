namespace DicomFunctions.Core.Sources;

/// <summary>The codes of <see cref="SourceProblem"/>.</summary>
internal static class SourceProblemCode
{
    /// <summary>The reference is malformed or of an unknown kind.</summary>
    public const string BadReference = "bad_reference";

    /// <summary>The source does not exist.</summary>
    public const string NotFound = "not_found";

    /// <summary>The pattern matches nothing, or the folder is empty.</summary>
    public const string NoMatch = "no_match";

    /// <summary>The source has no bytes.</summary>
    public const string Empty = "empty";

    /// <summary>Its permissions, or this host's settings, forbid reading it.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>The source changed since it was opened.</summary>
    public const string Changed = "changed";

    /// <summary>The source exists but cannot be read as a file.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>The pattern stands for more sources than a job may have.</summary>
    public const string TooMany = "too_many";

    /// <summary>The server or file system that holds it did not answer; try again later.</summary>
    public const string Unavailable = "unavailable";
}
