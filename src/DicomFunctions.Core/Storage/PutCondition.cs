namespace DicomFunctions.Core.Storage;

/// <summary>The condition under which <see cref="IObjectStore.PutAsync"/> writes.</summary>
internal readonly record struct PutCondition
{
    private PutCondition(bool ifAbsent, string? ifMatch) => (IfAbsent, IfMatch) = (ifAbsent, ifMatch);

    /// <summary>Only if no object has that name.</summary>
    public bool IfAbsent { get; }

    /// <summary>Only if the object still has this ETag.</summary>
    public string? IfMatch { get; }

    /// <summary>Always.</summary>
    public static PutCondition Always => default;

    /// <summary>Only if no object has that name.</summary>
    public static PutCondition WhenAbsent => new(ifAbsent: true, ifMatch: null);

    /// <summary>Only if the object still has this ETag.</summary>
    public static PutCondition WhenUnchanged(string etag) => new(ifAbsent: false, etag);
}
