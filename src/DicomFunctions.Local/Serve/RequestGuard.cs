using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Local.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace DicomFunctions.Local.Serve;

/// <summary>
/// Decides who may use the API: clients with the key or, without a key, programs on this machine, but not web pages in a browser on it.
/// </summary>
internal sealed class RequestGuard(IOptions<LocalOptions> options) : IMiddleware
{
    private readonly byte[]? _key = options.Value.ApiKey is { } key ? Encoding.UTF8.GetBytes(key) : null;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Refusal(context) is { } refusal)
            await refusal.ExecuteAsync(context).ConfigureAwait(false);
        else
            await next(context).ConfigureAwait(false);
    }

    private IResult? Refusal(HttpContext context)
    {
        var request = context.Request;
        // Whatever opened the interface: a setting of the web server, or a forwarded port.
        if (_key is null && !Loopback.Is(context.Connection))
            return Forbidden("Without an API key, only this machine may use the API. To serve others, start with --api-key-file.");
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return null;
        if (_key is not null)
        {
            return HasKey(request.Headers["x-functions-key"]) || HasKey(request.Query["code"])
                ? null
                : Results.Problem("Send the API key in the header x-functions-key.", statusCode: 401, title: "Unauthorized");
        }

        // A page of another site uses its own name for loopback (DNS rebinding), or the browser states its origin.
        return Loopback.Is(request.Host.Host) && IsOfNoOtherSite(request.Headers["Sec-Fetch-Site"]) && IsSameOrigin(request)
            ? null
            : Forbidden("Requests from web pages of other sites are refused.");
    }

    private static IResult Forbidden(string detail) => Results.Problem(detail, statusCode: 403, title: "Forbidden");

    private bool HasKey(StringValues given) =>
        given is [{ } text] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), _key);

    /// <summary>Allows only this host's own pages, and addresses that the user typed. Another port is another site.</summary>
    private static bool IsOfNoOtherSite(StringValues site) => site.Count == 0 || site is ["same-origin" or "none"];

    private static bool IsSameOrigin(HttpRequest request) => request.Headers.Origin is var origin
        && (origin.Count == 0
            || (origin is [{ } only] && only.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)));
}
