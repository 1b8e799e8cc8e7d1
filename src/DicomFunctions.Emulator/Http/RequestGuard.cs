using System.Net;
using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Emulator.Answers;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Http;

/// <summary>
/// Lets through who has the bearer token, and programs of this machine, but not web pages that a browser on it happens to show:
/// those reach loopback by a name of their own (DNS rebinding), or show where they come from.
/// </summary>
internal sealed class RequestGuard(string? bearerToken)
{
    private readonly byte[]? _authorization = bearerToken is null ? null : Encoding.UTF8.GetBytes("Bearer " + bearerToken);

    /// <summary>Whether the request has the token, or none is asked for.</summary>
    public bool IsAuthorized(HttpRequest request) =>
        _authorization is null || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), _authorization);

    /// <summary>Why a request goes no further, or null when it may.</summary>
    public GoogleError? Refusal(HttpContext context)
    {
        if (_authorization is not null && IsAuthorized(context.Request))
        {
            return null;
        }

        return !IsLocal(context.Connection) ? GoogleError.Of(401)
            : IsOfOtherSite(context.Request) ? GoogleError.Of(403, "Requests from web pages of other sites are refused.")
            : null;
    }

    private static bool IsLocal(ConnectionInfo connection) =>
        connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local } && IPAddress.IsLoopback(remote) && IPAddress.IsLoopback(local);

    private static bool IsOfOtherSite(HttpRequest request)
    {
        var (origin, site) = (request.Headers.Origin, request.Headers["Sec-Fetch-Site"]);
        return !IsLoopbackName(request.Host.Host)
            || !(origin.Count == 0 || (origin.Count == 1 && $"{request.Scheme}://{request.Host.Value}".Equals(origin[0], StringComparison.OrdinalIgnoreCase)))
            || !(site.Count == 0 || (site.Count == 1 && site[0] is "same-origin" or "none"));
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address) && IPAddress.IsLoopback(address));
}
