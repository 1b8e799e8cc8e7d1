namespace DicomFunctions.Core.DicomWeb;

/// <summary>A client that keeps to the pace of its stores.</summary>
internal interface IStorePaces
{
    /// <summary>The stores that are sent less than they could be, because they refused too much.</summary>
    IReadOnlyList<SlowedStore> Slowed();
}
