using DicomFunctions.App.Credentials;
using DicomFunctions.App.Events;
using DicomFunctions.App.PubSub;
using DicomFunctions.App.Storage;
using DicomFunctions.App.Telemetry;
using DicomFunctions.App.Triggers;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core;
using DicomFunctions.Core.Api;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
// It logs the requested URLs, which may contain a key (?code=).
builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
builder.Services
    // The handlers enforce their own limits and answer with a problem; the Functions host has a limit before them.
    .Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null)
    .AddSingleton<ICallers, AzureCallers>()
    .AddBlobObjectStore()
    .AddGoogleCredentials()
    .AddPubSub()
    .AddEventGrid()
    .AddDurableWorkflows()
    .AddDicomFunctions()
    .AddTelemetry(builder.Configuration);
await builder.Build().RunAsync().ConfigureAwait(false);
