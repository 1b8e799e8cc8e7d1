using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DicomFunctions.Testing;

/// <summary>Signs OIDC tokens as Google does, and publishes the key they are checked by.</summary>
public sealed class TokenIssuer : IAsyncDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    /// <summary>Of this issuer alone: keys are cached by their address, and a port is soon another issuer's.</summary>
    private readonly string _path = $"/certs/{Guid.NewGuid():n}";
    private readonly WebApplication _app;

    private TokenIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapGet(_path, () => Results.Content(Keys(), "application/json"));
    }

    public string CertificatesUrl => _app.Urls.Single() + _path;

    public static async Task<TokenIssuer> StartAsync()
    {
        var issuer = new TokenIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    public string Token(
        string? audience = "push", string email = "push@p.iam.gserviceaccount.com", string issuer = "https://accounts.google.com",
        TimeSpan? expiresIn = null, bool emailVerified = true, TimeSpan? issuedIn = null)
    {
        var now = DateTimeOffset.UtcNow;
        var expires = now + (expiresIn ?? TimeSpan.FromMinutes(10));
        var head = Encode("""{"alg":"RS256","kid":"k1","typ":"JWT"}""");
        var body = Encode(JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["iss"] = issuer,
            ["aud"] = audience,
            ["email"] = email,
            ["email_verified"] = emailVerified,
            ["iat"] = issuedIn is { } time
                ? (now + time).ToUnixTimeSeconds()
                : Math.Min(now.ToUnixTimeSeconds(), expires.ToUnixTimeSeconds()) - 60,
            ["exp"] = expires.ToUnixTimeSeconds(),
        }));
        var signature = _key.SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{body}.{Base64Url.EncodeToString(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private string Keys()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        var (n, e) = (Base64Url.EncodeToString(key.Modulus), Base64Url.EncodeToString(key.Exponent));
        return $$"""{"keys":[{"kty":"RSA","alg":"RS256","use":"sig","kid":"k1","n":"{{n}}","e":"{{e}}"}]}""";
    }
}
