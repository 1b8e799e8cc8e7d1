namespace DicomFunctions.Core.Net;

/// <summary>What a server said of a failure.</summary>
public sealed record ServerError
{
    /// <summary>The canonical status, such as <c>PERMISSION_DENIED</c>; null when the body had none.</summary>
    public string? Status { get; init; }

    /// <summary>The message, cut to a readable length. It may name identifiers: for records, never for logs.</summary>
    public required string Message { get; init; }
}
