using DicomFunctions.App.Storage;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddBlobObjectStore();
await builder.Build().RunAsync().ConfigureAwait(false);
