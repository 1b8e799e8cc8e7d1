using DicomFunctions.App.Credentials;
using DicomFunctions.App.PubSub;
using DicomFunctions.App.Storage;
using DicomFunctions.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services
    .AddBlobObjectStore()
    .AddGoogleCredentials()
    .AddPubSub()
    .AddDicomFunctions();
await builder.Build().RunAsync().ConfigureAwait(false);
