using DicomFunctions.Core.Telemetry;

namespace DicomFunctions.Local.Serve;

/// <summary>
/// A span for every request, if traces are exported. The web server's own spans have the path and the query, with ids and perhaps a key.
/// </summary>
internal sealed class RequestTrace : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        using var span = Traces.BeginRequest(
            request.Method,
            (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
            request.Headers.TraceParent,
            request.Headers.TraceState);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            span.Fail(exception.GetType().Name);
            throw;
        }

        span.Answer(context.Response.StatusCode);
    }
}
