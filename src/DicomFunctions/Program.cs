using DicomFunctions.App.Credentials;
using DicomFunctions.App.PubSub;
using DicomFunctions.App.Storage;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services
    // Limits are the handlers' own, so that they answer with a problem; the Functions host has one before them.
    .Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null)
    .AddBlobObjectStore()
    .AddGoogleCredentials()
    .AddPubSub()
    .AddDurableWorkflows()
    .AddDicomFunctions();
await builder.Build().RunAsync().ConfigureAwait(false);
