using DicomFunctions.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Http;

/// <summary>Records go out as NDJSON, or as a JSON array where <c>Accept</c> asks for JSON.</summary>
internal static class ResultFormat
{
    private const string Json = "application/json";
    private const string Ndjson = "application/x-ndjson";

    public static bool IsArray(HttpRequest request)
    {
        foreach (var type in request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1))
        {
            if (type.MediaType.Equals(Ndjson, StringComparison.OrdinalIgnoreCase))
                return false;
            if (type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    public static string ContentType(bool isArray) => isArray ? Json : Ndjson;

    public static IResult Records(IJobService jobs, string id, bool? success, HttpRequest request)
    {
        var isArray = IsArray(request);
        return Results.Stream(
            body => jobs.CopyResultsAsync(id, success, isArray, body, request.HttpContext.RequestAborted), ContentType(isArray));
    }
}
