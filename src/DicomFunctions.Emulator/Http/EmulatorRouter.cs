using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.PubSub;
using DicomFunctions.Emulator.Statistics;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Http;

/// <summary>Passes a request to the endpoint that its path belongs to.</summary>
internal sealed class EmulatorRouter(
    RequestGuard guard, DicomWebEndpoint dicomWeb, PubSubEndpoint pubSub, AdminEndpoint admin, EmulatorStatistics statistics)
{
    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        try
        {
            if (guard.Refusal(context) is { } refusal)
                await context.WriteErrorAsync(refusal).ConfigureAwait(false);
            else if (path.StartsWith("/emulator/", StringComparison.Ordinal))
                await admin.HandleAsync(context, path["/emulator/".Length..]).ConfigureAwait(false);
            else if (!path.StartsWith("/v1/", StringComparison.Ordinal))
                await context.WriteErrorAsync(GoogleError.NotFound("No such resource.")).ConfigureAwait(false);
            else if (PubSubEndpoint.Owns(path.AsSpan(4)))
                await PubSubAsync(context, path[4..]).ConfigureAwait(false);
            else
                await dicomWeb.HandleAsync(context, path[4..]).ConfigureAwait(false);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested || exception is BadHttpRequestException)
        {
            // The client has gone, or a fault broke its connection: nobody waits for an answer.
            context.Abort();
        }
        catch (Exception) when (!context.Response.HasStarted)
        {
            await context.WriteErrorAsync(GoogleError.Of(500)).ConfigureAwait(false);
        }
    }

    private async Task PubSubAsync(HttpContext context, string path)
    {
        statistics.Begin(RequestKind.PubSub);
        try
        {
            await pubSub.HandleAsync(context, path).ConfigureAwait(false);
        }
        finally
        {
            statistics.End(RequestKind.PubSub, context.Response.StatusCode);
        }
    }
}
