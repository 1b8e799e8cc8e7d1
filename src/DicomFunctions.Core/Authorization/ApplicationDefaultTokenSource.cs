using System.Collections.Concurrent;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace DicomFunctions.Core.Authorization;

/// <summary>Sends tokens of a Google credential: Application Default Credentials, or one given in their place.</summary>
/// <param name="load">Finds the credential, for a scope; called until it succeeds.</param>
/// <param name="scope">What the tokens are to be good for.</param>
/// <param name="time">Tells how old a token is.</param>
internal sealed class ApplicationDefaultTokenSource(
    Func<string, CancellationToken, Task<ITokenAccess>> load, string scope, TimeProvider time) : CachedTokenSource(time)
{
    private readonly TimeProvider _time = time;
    private readonly ConcurrentDictionary<string, ApplicationDefaultTokenSource> _others = new(StringComparer.Ordinal);
    private ITokenAccess? _credential;

    /// <summary>Tokens of the same credential for another scope. They are asked for only once they are used.</summary>
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
                "No Google credential was found, or it can not be read. Run 'gcloud auth application-default login', or let "
                + "GOOGLE_APPLICATION_CREDENTIALS name a credential file, or set "
                + $"{AuthorizationOptions.SectionName}:{nameof(AuthorizationOptions.Mode)} to Bearer or None; then start this host again.",
                exception);
        }
    }

    /// <summary>The credential, with the scopes if it asks for any.</summary>
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
            return string.IsNullOrEmpty(token) ? throw new AccessTokenException("The Google credential gives no token.") : token;
        }
        catch (TokenResponseException exception)
        {
            throw new AccessTokenException(
                $"Google refuses the credential ({exception.Error?.Error ?? "no reason given"}). Log in anew, or replace it.", exception);
        }
        catch (Exception exception) when (exception is not AccessTokenException && !cancellationToken.IsCancellationRequested)
        {
            throw new AccessTokenException("The server that gives tokens can not be reached, or its answer makes no sense.", exception);
        }
    }

    /// <summary>Makes a credential forget its token and get another. False when it can not be asked to.</summary>
    private static Task<bool> RenewAsync(ITokenAccess credential, CancellationToken cancellationToken) =>
        (credential is GoogleCredential { UnderlyingCredential: { } underlying } ? underlying : credential) switch
        {
            ServiceCredential service => service.RequestAccessTokenAsync(cancellationToken),
            UserCredential user => user.RefreshTokenAsync(cancellationToken),
            _ => Task.FromResult(false),
        };
}
