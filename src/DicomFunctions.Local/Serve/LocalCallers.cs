using DicomFunctions.Core.Api;
using DicomFunctions.Local.Hosting;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Serve;

/// <summary>Callers of the local host: there is one key or none.</summary>
internal sealed class LocalCallers(IOptions<LocalOptions> options) : ICallers
{
    public string NameOf(HttpRequest request) => options.Value.ApiKey is null ? "this machine" : "API key";
}
