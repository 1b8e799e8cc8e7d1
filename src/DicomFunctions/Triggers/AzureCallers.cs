using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Core.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace DicomFunctions.App.Triggers;

/// <summary>
/// Callers of the function app: the principal that App Service authentication has checked, or the key. The host tells functions no names of
/// keys, so a key goes by the beginning of its hash, which is too short to guess the key from.
/// </summary>
/// <param name="configuration">Has <c>WEBSITE_AUTH_ENABLED</c>, without which the header of the principal could be anyone's.</param>
internal sealed class AzureCallers(IConfiguration configuration) : ICallers
{
    private const int MaxLength = 128;

    private readonly bool _hasPrincipals = configuration.GetValue("WEBSITE_AUTH_ENABLED", defaultValue: false);

    public string? NameOf(HttpRequest request)
    {
        if (_hasPrincipals && (string?)request.Headers["X-MS-CLIENT-PRINCIPAL-NAME"] is { Length: > 0 and <= MaxLength } principal)
            return principal;
        var key = (string?)request.Headers["x-functions-key"] ?? (string?)request.Query["code"];
        return key is null ? null : $"key {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 2))}";
    }
}
