using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Errors of the HTTP API as <c>application/problem+json</c> (RFC 9457): the one place that maps exceptions to them.</summary>
internal static class ApiProblem
{
    /// <summary>When to ask for an accepted job, in seconds.</summary>
    private const string SecondsWhileRunning = "1";

    /// <summary>When to try again what is unavailable, in seconds.</summary>
    private const string SecondsWhileUnavailable = "5";

    /// <summary>The answer to an invalid request, with the key that is wrong.</summary>
    public static IResult BadRequest(string detail, string? key = null) =>
        Results.Problem(detail, statusCode: 400, title: "Bad request", extensions: key is null ? null : [new("key", key)]);

    public static IResult NotFound(string detail) => Results.Problem(detail, statusCode: 404, title: "Not found");

    public static IResult Conflict(string detail) => Results.Problem(detail, statusCode: 409, title: "Conflict");

    /// <summary>Runs a handler, turns its expected exceptions into problems, and sets the headers that all answers have.</summary>
    public static async Task<IResult> GuardAsync(HttpRequest request, Func<Task<IResult>> handler)
    {
        // Answers may hold patient data: no cache may keep them, and no browser may guess their type.
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        var answer = await AnswerAsync(request, handler).ConfigureAwait(false);
        headers.RetryAfter = (answer as IStatusCodeHttpResult)?.StatusCode switch
        {
            StatusCodes.Status202Accepted => SecondsWhileRunning,
            StatusCodes.Status503ServiceUnavailable => SecondsWhileUnavailable,
            _ => default,
        };
        return answer;
    }

    private static async Task<IResult> AnswerAsync(HttpRequest request, Func<Task<IResult>> handler)
    {
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
        catch (KeyConflictException exception)
        {
            return Conflict(exception.Message);
        }
        catch (JobNotStartedException exception)
        {
            request.HttpContext.Response.Headers.Location = JobUrl.Of(request, exception.JobId!);
            return Results.Problem(
                exception.Message, statusCode: 503, title: "Workflow engine unavailable", extensions: [new("job_id", exception.JobId)]);
        }
        catch (ObjectStoreException exception)
        {
            return Results.Problem(exception.Message, statusCode: 503, title: "Object store unavailable");
        }
        catch (OperationCanceledException) when (request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return Results.StatusCode(499);
        }
        catch (IOException)
        {
            // The client may be gone already.
            return BadRequest("The body ended early or does not match its Content-Type.");
        }
        catch (InvalidDataException exception)
        {
            return BadRequest("The body could not be read: " + exception.Message);
        }
    }
}
