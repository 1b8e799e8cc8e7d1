using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Qido;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Storage;
using DicomFunctions.Emulator.Stow;
using DicomFunctions.Emulator.Wado;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Http;

/// <summary>Passes a request to the handler of its kind.</summary>
internal sealed class DicomWebHandlers(SearchHandler search, StowHandler stow, DeleteHandler delete)
{
    /// <summary>Answers a request to a store. Without a route, the request is for the store itself.</summary>
    public Task HandleAsync(HttpContext context, DicomStore store, DicomWebRoute? route, FaultOptions faults) => route?.Kind switch
    {
        null => DescribeAsync(context, store),
        RequestKind.Search => search.HandleAsync(context, store, route.Level, route.StudyUid, route.SeriesUid, faults.PageCap),
        RequestKind.Store => stow.HandleAsync(context, store, route.StudyUid, faults.DiskFull),
        RequestKind.Retrieve => RetrieveHandler.InstancesAsync(context, store, Named(store, route), route.SopUid is not null, faults),
        RequestKind.Metadata => RetrieveHandler.MetadataAsync(context, store, Named(store, route), faults),
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

    private static InstanceEntry[] Named(DicomStore store, DicomWebRoute route)
    {
        if (store.FindStudy(route.StudyUid!) is not { } study)
            return [];

        if (route.SeriesUid is null)
            return [.. study.Series.Items.ToArray().SelectMany(one => one.Instances.Items.ToArray())];

        if (!study.SeriesByUid.TryGetValue(route.SeriesUid, out var series))
            return [];

        return route.SopUid is null ? series.Instances.Items.ToArray()
            : series.InstancesByUid.TryGetValue(route.SopUid, out var instance) ? [instance]
            : [];
    }
}
