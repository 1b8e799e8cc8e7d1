using DicomFunctions.Core.Jobs.Service;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Writes records as NDJSON, or as a JSON array if <c>Accept</c> asks for JSON.</summary>
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

    /// <summary>The records of a job, opened before the status is sent; null if there is no such job.</summary>
    public static async Task<IResult?> RecordsAsync(IJobService jobs, string id, bool? success, HttpRequest request)
    {
        var isArray = IsArray(request);
        var cancellationToken = request.HttpContext.RequestAborted;
        if (await jobs.OpenResultsAsync(id, success, isArray, cancellationToken).ConfigureAwait(false) is not { } records)
            return null;
        request.HttpContext.Response.RegisterForDisposeAsync(records);
        return Results.Stream(body => records.CopyToAsync(body, cancellationToken), ContentType(isArray));
    }
}
