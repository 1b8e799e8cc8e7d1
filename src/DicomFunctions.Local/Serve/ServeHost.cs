using System.Net;
using DicomFunctions.Local.Hosting;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Serve;

/// <summary>The long-running host: HTTP API, drop folder, notifications.</summary>
internal static class ServeHost
{
    private static readonly IResult NothingThere =
        Results.Problem("There is nothing at this address. See /api/openapi.json.", statusCode: 404, title: "Not found");

    /// <summary>Builds it from the settings given, the environment and <c>appsettings.json</c>, in falling order.</summary>
    public static WebApplication Build(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders().AddStandardError();
        builder.Services.AddLocalHost();
        builder.Services.AddHostedService<DropWatcher>();
        builder.Services.AddHostedService<NotificationLoop>();
        builder.Services.AddHostedService<RetentionLoop>();
        builder.Services.AddSingleton<RequestGuard>();
        // Nothing here can be looked up by a trace's id, and the function app's problems have none.
        builder.Services.AddProblemDetails(
            options => options.CustomizeProblemDetails = static context => context.ProblemDetails.Extensions.Remove("traceId"));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Limits are the handlers' own, so that they answer with a problem.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
        });

        var app = builder.Build();
        var local = app.Services.GetRequiredService<IOptions<LocalOptions>>().Value;
        if (local.ApiKey is null && !IsLoopback(local.Url))
        {
            throw new OptionsValidationException(
                nameof(LocalOptions), typeof(LocalOptions), ["An address that others can reach needs an API key: --api-key-file, or the setting DicomFunctions:Local:ApiKey."]);
        }

        app.Urls.Add(local.Url.AbsoluteUri);
        // What the handlers do not answer themselves (a method that is not allowed, a bug) is a problem as well.
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<RequestGuard>();
        // A fallback route would take requests of a known path and another method, which are to be answered 405.
        app.Use((context, next) => context.GetEndpoint() is null ? NothingThere.ExecuteAsync(context) : next(context));
        app.MapApi();
        return app;
    }

    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
