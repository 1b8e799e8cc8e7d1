using System.Collections.Concurrent;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace DicomFunctions.Core.Authorization;

/// <summary>Tokens of a Google credential: Application Default Credentials, or one given in their place.</summary>
/// <param name="load">Finds the credential for a scope; called until it succeeds.</param>
/// <param name="scope">The scope of the tokens.</param>
/// <param name="time">The clock that measures a token's age.</param>
internal sealed class ApplicationDefaultTokenSource(
    Func<string, CancellationToken, Task<ITokenAccess>> load, string scope, TimeProvider time) : CachedTokenSource(time)
{
    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<string, ApplicationDefaultTokenSource> _others = new(StringComparer.Ordinal);
    private ITokenAccess? _credential;

    /// <summary>Tokens of the same credential for another scope, requested only when first used.</summary>
    public ApplicationDefaultTokenSource For(string other) => other == scope
        ? this
        : _others.GetOrAdd(other, static (key, own) => new(own.load, key, own._time), (load, _time));

    public override void Dispose()
    {
        foreach (var other in _others.Values)
            other.Dispose();
        base.Dispose();
    }

    /// <summary>Finds this machine's Application Default Credentials (https://google.aip.dev/auth/4110).</summary>
    public static async Task<ITokenAccess> LoadAsync(IEnumerable<string> scopes, CancellationToken cancellationToken)
    {
        try
        {
            return Scoped(await GoogleCredential.GetApplicationDefaultAsync(cancellationToken).ConfigureAwait(false), scopes);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AccessTokenException(
                "No Google credential found, or it is unreadable. Run 'gcloud auth application-default login', set "
                + "GOOGLE_APPLICATION_CREDENTIALS to the path of a credential file, or set "
                + $"{AuthorizationOptions.SectionName}:{nameof(AuthorizationOptions.Mode)} to Bearer or None; then restart this host.",
                exception);
        }
    }

    /// <summary>The credential, with the scopes if it requires them.</summary>
    public static ITokenAccess Scoped(GoogleCredential credential, IEnumerable<string> scopes) =>
        credential.IsCreateScopedRequired ? credential.CreateScoped(scopes) : credential;

    protected override async Task<string> FetchAsync(string? refused, CancellationToken cancellationToken)
    {
        var credential = _credential ??= await load(scope, cancellationToken).ConfigureAwait(false);
        try
        {
            var token = await credential.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            if (token == refused && await RenewAsync(credential, cancellationToken).ConfigureAwait(false))
                token = await credential.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return string.IsNullOrEmpty(token) ? throw new AccessTokenException("The Google credential returned no token.") : token;
        }
        catch (TokenResponseException exception)
        {
            throw new AccessTokenException(
                $"Google refused the credential ({exception.Error?.Error ?? "no reason given"}). Log in again, or replace it.", exception);
        }
        catch (Exception exception) when (exception is not AccessTokenException && !cancellationToken.IsCancellationRequested)
        {
            throw new AccessTokenException("The token server is unreachable or returned an invalid response.", exception);
        }
    }

    /// <summary>Makes a credential discard its token and get another. False if it does not support that.</summary>
    private static Task<bool> RenewAsync(ITokenAccess credential, CancellationToken cancellationToken) =>
        (credential is GoogleCredential { UnderlyingCredential: { } underlying } ? underlying : credential) switch
        {
            ServiceCredential service => service.RequestAccessTokenAsync(cancellationToken),
            UserCredential user => user.RefreshTokenAsync(cancellationToken),
            _ => Task.FromResult(false),
        };
}
