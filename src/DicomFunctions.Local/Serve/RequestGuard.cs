using System.Net;
using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Local.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace DicomFunctions.Local.Serve;

/// <summary>
/// Lets through who may use the API: whoever has the key, or, on a loopback address without one, programs of this machine, but not
/// web pages that a browser on it happens to show.
/// </summary>
internal sealed class RequestGuard(IOptions<LocalOptions> options) : IMiddleware
{
    /// <summary>Health is open to everyone; a push carries a token of its own.</summary>
    private static readonly string[] Open = ["/api/health", "/api/pubsub/push"];

    private readonly byte[]? _key = options.Value.ApiKey is { } key ? Encoding.UTF8.GetBytes(key) : null;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var refusal = Array.Exists(Open, path => context.Request.Path == path) ? null : Refusal(context.Request);
        if (refusal is null)
            await next(context).ConfigureAwait(false);
        else
            await refusal.ExecuteAsync(context).ConfigureAwait(false);
    }

    private IResult? Refusal(HttpRequest request)
    {
        if (_key is not null)
        {
            return HasKey(request.Headers["x-functions-key"]) || HasKey(request.Query["code"])
                ? null
                : Results.Problem("Give the API key as the header x-functions-key.", statusCode: 401, title: "Unauthorized");
        }

        // A page of another site reaches loopback by a name of its own (DNS rebinding), or shows its origin.
        return IsLoopback(request.Host.Host) && (request.Headers.Origin is not [{ } origin] || IsSameOrigin(origin, request))
            ? null
            : Results.Problem("Requests from web pages of other sites are refused.", statusCode: 403, title: "Forbidden");
    }

    private bool HasKey(StringValues given) =>
        given is [{ } text] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), _key);

    private static bool IsSameOrigin(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value;

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
