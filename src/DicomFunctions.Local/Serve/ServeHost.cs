using DicomFunctions.Core.Api;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Telemetry;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Serve;

/// <summary>The long-running host: HTTP API, drop folder, notifications.</summary>
internal static class ServeHost
{
    /// <summary>Builds it from the settings given, the environment and <c>appsettings.json</c>, in order of precedence.</summary>
    public static WebApplication Build(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders().AddStandardError();
        builder.Services.AddLocalHost().AddOtlpExport(builder.Configuration, "dicomfn");
        builder.Services.AddHostedService<DropWatcher>();
        builder.Services.AddHostedService<NotificationLoop>();
        builder.Services.AddHostedService<RetentionLoop>();
        builder.Services.AddHostedService<EventLoop>();
        builder.Services.AddSingleton<RequestTrace>();
        builder.Services.AddSingleton<RequestGuard>();
        builder.Services.AddSingleton<ICallers, LocalCallers>();
        // A trace id leads nowhere here, and the function app's problems have none.
        builder.Services.AddProblemDetails(
            options => options.CustomizeProblemDetails = static context => context.ProblemDetails.Extensions.Remove("traceId"));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // The handlers enforce their own limits, and answer with a problem.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
        });

        var app = builder.Build();
        var local = app.Services.GetRequiredService<IOptions<LocalOptions>>().Value;
        if (local.ApiKey is null && !Loopback.Is(local.Url.Host))
            throw Unguarded(local.Url.AbsoluteUri);

        app.Urls.Add(local.Url.AbsoluteUri);
        app.UseMiddleware<RequestTrace>();
        // An exception that the handlers do not map (a bug) becomes a problem as well.
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<RequestGuard>();
        app.MapApi();
        return app;
    }

    /// <summary>Builds and starts the host. Without an API key, it stops again if it listens on anything but loopback.</summary>
    /// <exception cref="OptionsValidationException">Other machines can reach it, and there is no API key.</exception>
    public static async Task<WebApplication> StartAsync(
        IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken cancellationToken)
    {
        var app = Build(settings);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            // These settings alone do not decide what is bound: the web server has its own (Kestrel:Endpoints).
            var others = app.Urls.FirstOrDefault(address => !Loopback.IsListeningAddress(address));
            if (others is null || app.Services.GetRequiredService<IOptions<LocalOptions>>().Value.ApiKey is not null)
                return app;
            await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw Unguarded(others);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static OptionsValidationException Unguarded(string address) => new(nameof(LocalOptions), typeof(LocalOptions),
    [
        $"Other machines can reach {address}, so an API key is required: use --api-key-file or the setting DicomFunctions:Local:ApiKey. "
            + "Or listen only on loopback: --url http://127.0.0.1:7071, without Kestrel:Endpoints.",
    ]);
}
