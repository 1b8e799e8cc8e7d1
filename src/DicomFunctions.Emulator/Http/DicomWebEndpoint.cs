using System.Globalization;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Qido;
using DicomFunctions.Emulator.Storage;
using DicomFunctions.Emulator.Stow;
using DicomFunctions.Emulator.Wado;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace DicomFunctions.Emulator.Http;

/// <summary>The DICOMweb surface of the stores: who may, what goes wrong on purpose, and which handler does the work.</summary>
internal sealed class DicomWebEndpoint(
    EmulatorOptions options, RequestGuard guard, StoreCatalog catalog, StowHandler stow, DeleteHandler delete, FaultInjector faults, EmulatorStatistics statistics)
{
    private const string Separator = "/dicomWeb/";

    /// <summary>Handles a path below <c>/v1/</c>.</summary>
    public async Task HandleAsync(HttpContext context, string path)
    {
        var split = path.IndexOf(Separator, StringComparison.Ordinal);
        var storePath = split < 0 ? path : path[..split];
        DicomWebRoute route = new(RequestKind.Other, null, null, null, AttributeLevel.Study);
        var error = split < 0 ? null : DicomWebRoute.Parse(context.Request.Method, path[(split + Separator.Length)..], out route);
        statistics.Begin(route.Kind);
        EmulatorStatistics? ofStore = null;
        var status = 0;
        try
        {
            if (!guard.IsAuthorized(context.Request))
            {
                error = GoogleError.Of(401);
            }
            else if (!catalog.TryGet(storePath, out var validName, out var store))
            {
                error = validName ? GoogleError.Of(options.UnknownStoreStatus) : GoogleError.Invalid("The resource name is not valid.");
            }
            else
            {
                ofStore = statistics.ForStore(storePath);
                ofStore.Begin(route.Kind);
                if (error is null)
                {
                    status = await ServeAsync(context, store, split < 0 ? null : route, ofStore).ConfigureAwait(false);
                    return;
                }
            }

            await context.WriteErrorAsync(error).ConfigureAwait(false);
            status = error.Code;
        }
        finally
        {
            statistics.End(route.Kind, status);
            ofStore?.End(route.Kind, status);
        }
    }

    private static int OffsetOf(HttpRequest request)
    {
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (pair.DecodeName().Span is "offset" && int.TryParse(pair.DecodeValue().Span, CultureInfo.InvariantCulture, out var offset))
            {
                return offset;
            }
        }

        return 0;
    }

    /// <summary>Returns the status of the answer, 0 when the connection was broken on purpose.</summary>
    private async Task<int> ServeAsync(HttpContext context, DicomStore store, DicomWebRoute? route, EmulatorStatistics ofStore)
    {
        var state = faults.StateOf(store.Name.Path);
        var plan = state.Next(route?.Kind ?? RequestKind.Other, route?.Kind == RequestKind.Search ? OffsetOf(context.Request) : 0);
        if (plan.Latency > TimeSpan.Zero)
        {
            await Task.Delay(plan.Latency, options.TimeProvider, context.RequestAborted).ConfigureAwait(false);
        }

        if (plan.IsFault)
        {
            statistics.CountFault();
            ofStore.CountFault();
        }

        if (plan.DropBefore)
        {
            context.Abort();
            return 0;
        }

        if (plan.Html)
        {
            await context.WriteBytesAsync(200, "text/html; charset=utf-8", "<!DOCTYPE html><html><title>Sign in</title></html>\n"u8.ToArray())
                .ConfigureAwait(false);
            return 200;
        }

        if (plan.Status is { } status)
        {
            if (status is 429 or 503 && state.Options.RetryAfterSeconds is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            await context.WriteErrorAsync(GoogleError.Of(status), state.Options.ErrorShape).ConfigureAwait(false);
            return status;
        }

        return await ServeWholeOrInPartAsync(context, store, route, plan, state.Options).ConfigureAwait(false);
    }

    private async Task<int> ServeWholeOrInPartAsync(
        HttpContext context, DicomStore store, DicomWebRoute? route, FaultPlan plan, FaultOptions faultOptions)
    {
        if (plan.DropAfter)
        {
            // The work is done, its answer goes nowhere.
            context.Response.Body = Stream.Null;
            await DispatchAsync(context, store, route, faultOptions).ConfigureAwait(false);
            context.Abort();
            return 0;
        }

        if (plan.TruncateAfter is { } limit)
        {
            var truncating = new TruncatingStream(context, context.Response.Body, limit);
            context.Response.Body = truncating;
            await DispatchAsync(context, store, route, faultOptions).ConfigureAwait(false);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await truncating.BreakAsync(context.RequestAborted).ConfigureAwait(false);
            return 0;
        }

        await DispatchAsync(context, store, route, faultOptions).ConfigureAwait(false);
        return context.Response.StatusCode;
    }

    private Task DispatchAsync(HttpContext context, DicomStore store, DicomWebRoute? route, FaultOptions faultOptions) => route?.Kind switch
    {
        null => DescribeAsync(context, store),
        RequestKind.Search => SearchAsync(context, store, route, faultOptions.PageCap),
        RequestKind.Store => stow.HandleAsync(context, store, route.StudyUid, faultOptions.DiskFull),
        RequestKind.Retrieve => RetrieveHandler.InstancesAsync(context, Named(store, route), route.SopUid is not null),
        RequestKind.Metadata => RetrieveHandler.MetadataAsync(context, Named(store, route)),
        _ => delete.HandleAsync(context, store, Named(store, route)),
    };

    private static Task DescribeAsync(HttpContext context, DicomStore store) =>
        HttpMethods.IsGet(context.Request.Method)
            ? context.WriteJsonAsync(200, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, store.Name.Path);
                writer.WriteEndObject();
            })
            : context.WriteErrorAsync(GoogleError.Of(405));

    private Task SearchAsync(HttpContext context, DicomStore store, DicomWebRoute route, int? pageCap)
    {
        if (!Accepts.DicomJson(context.Request))
        {
            return context.WriteErrorAsync(GoogleError.Of(406));
        }

        var error = QidoQuery.Parse(
            route.Level, route.StudyUid, route.SeriesUid, context.Request.QueryString.Value, options.ClampLimits, out var query);
        if (error is not null)
        {
            return context.WriteErrorAsync(error);
        }

        var rows = faults.SyntheticOf(store.Name.Path) is { } synthetic
            ? SyntheticRows.Of(synthetic, query, pageCap)
            : QidoSearch.Rows(store, query, pageCap);
        return RowStream.WriteAsync(context, rows);
    }

    private static InstanceEntry[] Named(DicomStore store, DicomWebRoute route)
    {
        if (store.FindStudy(route.StudyUid!) is not { } study)
        {
            return [];
        }

        if (route.SeriesUid is null)
        {
            return [.. study.Series.Items.ToArray().SelectMany(one => one.Instances.Items.ToArray())];
        }

        if (!study.SeriesByUid.TryGetValue(route.SeriesUid, out var series))
        {
            return [];
        }

        return route.SopUid is null ? series.Instances.Items.ToArray()
            : series.InstancesByUid.TryGetValue(route.SopUid, out var instance) ? [instance]
            : [];
    }
}
