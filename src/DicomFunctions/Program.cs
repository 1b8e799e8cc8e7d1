using DicomFunctions.App.Credentials;
using DicomFunctions.App.PubSub;
using DicomFunctions.App.Storage;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
// It logs addresses as they were asked for, and a key may be in them (?code=).
builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
builder.Services
    // Limits are the handlers' own, so that they answer with a problem; the Functions host has one before them.
    .Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null)
    .AddBlobObjectStore()
    .AddGoogleCredentials()
    .AddPubSub()
    .AddDurableWorkflows()
    .AddDicomFunctions();
await builder.Build().RunAsync().ConfigureAwait(false);
