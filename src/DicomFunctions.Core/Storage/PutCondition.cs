namespace DicomFunctions.Core.Storage;

/// <summary>When a <see cref="IObjectStore.PutAsync"/> may write.</summary>
public readonly record struct PutCondition
{
    private PutCondition(bool ifAbsent, string? ifMatch) => (IfAbsent, IfMatch) = (ifAbsent, ifMatch);

    /// <summary>Only when no object of that name exists.</summary>
    public bool IfAbsent { get; }

    /// <summary>Only when the object still has this ETag.</summary>
    public string? IfMatch { get; }

    /// <summary>Always.</summary>
    public static PutCondition Always => default;

    /// <summary>Only when no object of that name exists.</summary>
    public static PutCondition WhenAbsent => new(ifAbsent: true, ifMatch: null);

    /// <summary>Only when the object still has this ETag.</summary>
    public static PutCondition WhenUnchanged(string etag) => new(ifAbsent: false, etag);
}
