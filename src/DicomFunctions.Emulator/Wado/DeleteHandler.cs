using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.PubSub;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Wado;

/// <summary>Deletes a study, a series or an instance: Google's addition to DICOMweb.</summary>
internal sealed class DeleteHandler(INotificationPublisher notifications, EmulatorStatistics statistics)
{
    public async Task HandleAsync(HttpContext context, DicomStore store, IReadOnlyList<InstanceEntry> instances)
    {
        var deleted = 0;
        foreach (var instance in instances)
        {
            if (await store.RemoveAsync(instance, context.RequestAborted).ConfigureAwait(false))
            {
                deleted++;
                statistics.CountDeleted();
                statistics.ForStore(store.Name.Path).CountDeleted();
                notifications.Publish(store.Name, StoreEvent.Deleted(instance));
            }
        }

        await (deleted > 0
            ? context.WriteBytesAsync(200, "application/json; charset=UTF-8", "{}"u8.ToArray())
            : context.WriteErrorAsync(GoogleError.NotFound("The study, series or instance does not exist."))).ConfigureAwait(false);
    }
}
