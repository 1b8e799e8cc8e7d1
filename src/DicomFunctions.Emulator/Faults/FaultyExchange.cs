using System.Globalization;
using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Statistics;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Faults;

/// <summary>Answers a DICOMweb request, subject to the faults set for its store.</summary>
internal sealed class FaultyExchange(FaultInjector faults, EmulatorStatistics statistics, TimeProvider time)
{
    /// <summary>
    /// Draws the faults of a request and, unless one of them answers it, calls <paramref name="serve"/>. <paramref name="offset"/> is the
    /// offset of a search, otherwise 0.
    /// </summary>
    /// <returns>The status of the answer, or 0 if the connection was broken on purpose.</returns>
    public async Task<int> AnswerAsync(HttpContext context, string store, RequestKind kind, int offset, Func<FaultOptions, Task> serve)
    {
        var state = faults.StateOf(store);
        var plan = state.Next(kind, offset);
        if (plan.Latency > TimeSpan.Zero)
            await Task.Delay(plan.Latency, time, context.RequestAborted).ConfigureAwait(false);

        if (plan.IsFault)
        {
            statistics.CountFault();
            statistics.ForStore(store).CountFault();
        }

        if (plan.DropBefore)
        {
            context.Abort();
            return 0;
        }

        if (plan.Html)
        {
            var page = "<!DOCTYPE html><html><title>Sign in</title></html>\n"u8.ToArray();
            await context.WriteBytesAsync(200, "text/html; charset=utf-8", page).ConfigureAwait(false);
            return 200;
        }

        if (plan.Status is { } status)
        {
            if (status is 429 or 503 && state.Options.RetryAfterSeconds is { } seconds)
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);

            await context.WriteErrorAsync(GoogleError.Of(status), state.Options.ErrorShape).ConfigureAwait(false);
            return status;
        }

        var options = state.Of(kind);
        if (options.PartialContent && kind is RequestKind.Search or RequestKind.Retrieve or RequestKind.Metadata)
            context.Response.OnStarting(BecomePartialAsync, context.Response);
        return await ServeAsync(context, plan, options, serve).ConfigureAwait(false);
    }

    private static Task BecomePartialAsync(object state)
    {
        var response = (HttpResponse)state;
        if (response.StatusCode == StatusCodes.Status200OK)
            response.StatusCode = StatusCodes.Status206PartialContent;
        return Task.CompletedTask;
    }

    private static async Task<int> ServeAsync(HttpContext context, FaultPlan plan, FaultOptions options, Func<FaultOptions, Task> serve)
    {
        if (plan.DropAfter)
        {
            // The work is done; its answer goes nowhere.
            context.Response.Body = Stream.Null;
            await serve(options).ConfigureAwait(false);
            context.Abort();
            return 0;
        }

        if (plan.TruncateAfter is { } limit)
        {
            var truncating = new TruncatingStream(context, context.Response.Body, limit);
            context.Response.Body = truncating;
            await serve(options).ConfigureAwait(false);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await truncating.BreakAsync(context.RequestAborted).ConfigureAwait(false);
            return 0;
        }

        await serve(options).ConfigureAwait(false);
        return context.Response.StatusCode;
    }
}
