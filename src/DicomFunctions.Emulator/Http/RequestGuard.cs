using System.Net;
using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Emulator.Answers;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Http;

/// <summary>
/// Admits requests with the bearer token, and programs on this machine. Refuses web pages of other sites in a browser on this machine:
/// they reach loopback by a host name of their own (DNS rebinding), or the browser sends where they come from.
/// </summary>
internal sealed class RequestGuard(string? bearerToken)
{
    private readonly byte[]? _authorization = bearerToken is null ? null : Encoding.UTF8.GetBytes("Bearer " + bearerToken);

    /// <summary>Whether the request has the bearer token, or none is required.</summary>
    public bool IsAuthorized(HttpRequest request) =>
        _authorization is null
        || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), _authorization);

    /// <summary>The error to refuse a request with, or null if it is admitted.</summary>
    public GoogleError? Refusal(HttpContext context)
    {
        if (_authorization is not null && IsAuthorized(context.Request))
            return null;

        return !IsLocal(context.Connection) ? GoogleError.Of(401)
            : IsOfOtherSite(context.Request) ? GoogleError.Of(403, "Requests from web pages of other sites are refused.")
            : null;
    }

    private static bool IsLocal(ConnectionInfo connection) =>
        connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local }
        && IPAddress.IsLoopback(remote) && IPAddress.IsLoopback(local);

    private static bool IsOfOtherSite(HttpRequest request)
    {
        var (origin, site) = (request.Headers.Origin, request.Headers["Sec-Fetch-Site"]);
        var own = $"{request.Scheme}://{request.Host.Value}";
        return !IsLoopbackName(request.Host.Host)
            || !(origin.Count == 0 || (origin.Count == 1 && own.Equals(origin[0], StringComparison.OrdinalIgnoreCase)))
            || !(site.Count == 0 || (site.Count == 1 && site[0] is "same-origin" or "none"));
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address) && IPAddress.IsLoopback(address));
}
