namespace DicomFunctions.Emulator.Answers;

/// <summary>An error as Google's APIs return it: <c>{"error":{"code":…,"message":…,"status":…}}</c>.</summary>
internal sealed record GoogleError(int Code, string Status, string Message)
{
    public static GoogleError Invalid(string message) => new(400, "INVALID_ARGUMENT", message);

    public static GoogleError NotFound(string message) => new(404, "NOT_FOUND", message);

    /// <summary>The error for an HTTP status code, with Google's usual message unless another is given.</summary>
    public static GoogleError Of(int code, string? message = null) => code switch
    {
        400 => new(code, "INVALID_ARGUMENT", message ?? "Request contains an invalid argument."),
        401 => new(code, "UNAUTHENTICATED", message ?? "Request had invalid authentication credentials. Expected OAuth 2 access token."),
        403 => new(code, "PERMISSION_DENIED", message ?? "Permission denied on resource (or it may not exist)."),
        404 => new(code, "NOT_FOUND", message ?? "Resource not found."),
        405 => new(code, "INVALID_ARGUMENT", message ?? "Method not allowed."),
        406 => new(code, "INVALID_ARGUMENT", message ?? "None of the accepted media types can be produced."),
        409 => new(code, "ALREADY_EXISTS", message ?? "Resource already exists."),
        415 => new(code, "INVALID_ARGUMENT", message ?? "Unsupported media type."),
        429 => new(code, "RESOURCE_EXHAUSTED", message ?? "Quota exceeded for quota metric and limit of the service."),
        501 => new(code, "UNIMPLEMENTED", message ?? "Not implemented."),
        503 => new(code, "UNAVAILABLE", message ?? "The service is currently unavailable."),
        504 => new(code, "DEADLINE_EXCEEDED", message ?? "Deadline exceeded."),
        _ => new(code, "INTERNAL", message ?? "Internal error encountered."),
    };
}
