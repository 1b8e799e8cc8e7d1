using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Answers requests for a path or method that the API does not have.</summary>
internal static class NoSuchOperation
{
    /// <summary>405 with <c>Allow</c> (RFC 9110 §15.5.6) if the path has other methods, otherwise 404.</summary>
    public static IResult Answer(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var methods = string.Join(", ", ApiPaths.Methods(request.Path));
        if (methods.Length == 0)
            return ApiProblem.NotFound($"No such endpoint. {ApiPaths.Root}/openapi.json lists them.");
        request.HttpContext.Response.Headers.Allow = methods;
        return Results.Problem($"Use {methods} here.", statusCode: StatusCodes.Status405MethodNotAllowed, title: "Method not allowed");
    }
}
