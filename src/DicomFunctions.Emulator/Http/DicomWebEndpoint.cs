using System.Globalization;
using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace DicomFunctions.Emulator.Http;

/// <summary>
/// The DICOMweb endpoint of all stores: authorizes and counts requests, finds the store, and answers subject to the store's faults.
/// </summary>
internal sealed class DicomWebEndpoint(
    RequestGuard guard,
    StoreCatalog catalog,
    DicomWebHandlers handlers,
    FaultyExchange exchange,
    EmulatorStatistics statistics,
    int unknownStoreStatus)
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
                error = validName ? GoogleError.Of(unknownStoreStatus) : GoogleError.Invalid("The resource name is not valid.");
            }
            else
            {
                ofStore = statistics.ForStore(storePath);
                ofStore.Begin(route.Kind);
                if (error is null)
                {
                    var named = split < 0 ? null : route;
                    status = await exchange.AnswerAsync(
                        context, store.Name.Path, route.Kind, route.Kind == RequestKind.Search ? OffsetOf(context.Request) : 0,
                        faults => handlers.HandleAsync(context, store, named, faults)).ConfigureAwait(false);
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
                return offset;
        }

        return 0;
    }
}
