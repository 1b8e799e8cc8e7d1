using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Every error of the HTTP surface, as <c>application/problem+json</c> (RFC 9457): the one place that maps exceptions.</summary>
internal static class ApiProblem
{
    /// <summary>A request that can not be worked, and the key that is wrong with it.</summary>
    public static IResult BadRequest(string detail, string? key = null) =>
        Results.Problem(detail, statusCode: 400, title: "Bad request", extensions: key is null ? null : [new("key", key)]);

    public static IResult NotFound(string detail) => Results.Problem(detail, statusCode: 404, title: "Not found");

    public static IResult Conflict(string detail) => Results.Problem(detail, statusCode: 409, title: "Conflict");

    /// <summary>Runs a handler and turns what it can not do into a problem.</summary>
    public static async Task<IResult> GuardAsync(HttpRequest request, Func<Task<IResult>> handler)
    {
        // Patient data is kept by no cache on the way, and taken for nothing but what its type says.
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        try
        {
            return await handler().ConfigureAwait(false);
        }
        catch (InputFormatException exception)
        {
            return BadRequest(exception.Message);
        }
        catch (BadRequestException exception)
        {
            return BadRequest(exception.Message, exception.Key);
        }
        catch (RequestTooLargeException exception)
        {
            return Results.Problem(exception.Message, statusCode: 413, title: "Request too large");
        }
        catch (BadHttpRequestException exception)
        {
            return Results.Problem(exception.Message, statusCode: exception.StatusCode, title: "Bad request");
        }
        catch (JobNotStartedException exception)
        {
            request.HttpContext.Response.Headers.Location = JobUrl.Of(request, exception.JobId!);
            return Results.Problem(
                exception.Message, statusCode: 503, title: "Workflow engine unavailable", extensions: [new("job_id", exception.JobId)]);
        }
        catch (ObjectStoreException exception)
        {
            return Results.Problem(exception.Message, statusCode: 503, title: "The object store can not be used now");
        }
        catch (OperationCanceledException) when (request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return Results.StatusCode(499);
        }
        catch (IOException)
        {
            // There may be no one left to tell.
            return BadRequest("The body ended early, or is not what its Content-Type says.");
        }
        catch (InvalidDataException exception)
        {
            return BadRequest("The body could not be read: " + exception.Message);
        }
    }
}
