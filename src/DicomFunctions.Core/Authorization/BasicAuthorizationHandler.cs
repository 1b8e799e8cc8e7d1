using System.Net.Http.Headers;
using System.Text;

namespace DicomFunctions.Core.Authorization;

/// <summary>Authorizes requests by user name and password (RFC 7617).</summary>
internal sealed class BasicAuthorizationHandler(string user, string password, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly AuthenticationHeaderValue _authorization =
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _authorization;
        return base.SendAsync(request, cancellationToken);
    }
}
