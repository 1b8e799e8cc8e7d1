namespace DicomFunctions.Core.Sources;

/// <summary>The codes of <see cref="SourceProblem"/>.</summary>
public static class SourceProblemCode
{
    /// <summary>The reference itself is malformed, or of no known kind.</summary>
    public const string BadReference = "bad_reference";

    /// <summary>There is nothing of that name.</summary>
    public const string NotFound = "not_found";

    /// <summary>A pattern or a folder with nothing in it.</summary>
    public const string NoMatch = "no_match";

    /// <summary>The source has no bytes.</summary>
    public const string Empty = "empty";

    /// <summary>It may not be read: by its permissions, or by this host's options.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>It is no longer what it was when it was opened.</summary>
    public const string Changed = "changed";

    /// <summary>It is there and can not be read as a file.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Where it is kept did not answer; worth trying again later.</summary>
    public const string Unavailable = "unavailable";
}
