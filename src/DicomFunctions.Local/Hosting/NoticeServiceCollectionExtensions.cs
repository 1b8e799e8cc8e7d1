using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.DicomWeb.Client;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Hosting;

/// <summary>Registers what tells the user of a command about its DICOM store.</summary>
internal static class NoticeServiceCollectionExtensions
{
    /// <summary>Adds connections to DICOM stores that tell when there is none. Call it before Core's own are added.</summary>
    public static IServiceCollection AddStoreNotice(this IServiceCollection services)
    {
        services.AddSingleton<Notices>();
        return services.AddSingleton(provider => new HttpMessageInvoker(new UnreachableNotice(
            StoreConnections.Create(provider.GetRequiredService<IOptions<DicomWebOptions>>().Value),
            provider.GetRequiredService<Notices>(),
            provider.GetRequiredService<TimeProvider>())));
    }
}
