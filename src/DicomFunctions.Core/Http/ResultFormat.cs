using DicomFunctions.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Http;

/// <summary>Records go out as NDJSON, or as a JSON array where <c>Accept</c> asks for JSON.</summary>
internal static class ResultFormat
{
    public static bool IsArray(HttpRequest request)
    {
        foreach (var type in request.GetTypedHeaders().Accept)
        {
            if (type.MediaType == "application/x-ndjson")
                return false;
            if (type.MediaType == "application/json")
                return true;
        }

        return false;
    }

    public static string ContentType(bool isArray) => isArray ? "application/json" : "application/x-ndjson";

    public static IResult Records(IJobService jobs, string id, bool? success, HttpRequest request)
    {
        var isArray = IsArray(request);
        return Results.Stream(
            body => jobs.CopyResultsAsync(id, success, isArray, body, request.HttpContext.RequestAborted), ContentType(isArray));
    }
}
