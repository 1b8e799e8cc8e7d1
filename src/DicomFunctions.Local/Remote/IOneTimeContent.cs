namespace DicomFunctions.Local.Remote;

/// <summary>A body that cannot be sent again once it has begun.</summary>
internal interface IOneTimeContent
{
    bool HasBegun { get; }
}
