using Google.Apis.Auth.OAuth2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Authorization;

/// <summary>Registers the authorization of requests to Google.</summary>
internal static class AuthorizationServiceCollectionExtensions
{
    /// <summary>
    /// Adds the <see cref="IAccessTokenSource"/> that <see cref="AuthorizationOptions"/> select, unless one is registered. With
    /// <see cref="AuthorizationMode.ApplicationDefault"/>, a registered <see cref="ITokenAccess"/> or <see cref="GoogleCredential"/>
    /// (before or after this call) replaces the machine's own credential, like Beam's <c>credential</c>.
    /// </summary>
    public static IServiceCollection AddAccessTokens(this IServiceCollection services)
    {
        services.AddOptions<AuthorizationOptions>()
            .BindConfiguration(AuthorizationOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<AuthorizationOptions>, AuthorizationOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Create);
        return services;
    }

    /// <summary>The tokens for another scope than that of DICOM stores. A replaced source uses one token for all scopes.</summary>
    internal static IAccessTokenSource GetAccessTokens(this IServiceProvider provider, string scope)
    {
        var source = provider.GetRequiredService<IAccessTokenSource>();
        return source is ApplicationDefaultTokenSource google ? google.For(scope) : source;
    }

    private static IAccessTokenSource Create(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<AuthorizationOptions>>().Value;
        var time = provider.GetRequiredService<TimeProvider>();
        return options switch
        {
            { Mode: AuthorizationMode.None } => new NoTokenSource(),
            { Mode: AuthorizationMode.Bearer, BearerTokenFile: { } file } => new FileTokenSource(file, time),
            { Mode: AuthorizationMode.Bearer, BearerToken: { } token } => new FixedTokenSource(token),
            _ => new ApplicationDefaultTokenSource(
                (scope, cancellationToken) => LoadAsync(provider, options.Scopes.Count > 0 ? options.Scopes : [scope], cancellationToken),
                AuthorizationOptions.HealthcareScope,
                time),
        };
    }

    private static Task<ITokenAccess> LoadAsync(IServiceProvider provider, IEnumerable<string> scopes, CancellationToken cancellationToken)
    {
        if ((provider.GetService<ITokenAccess>() ?? provider.GetService<GoogleCredential>()) is not { } given)
            return ApplicationDefaultTokenSource.LoadAsync(scopes, cancellationToken);
        return Task.FromResult(given is GoogleCredential google ? ApplicationDefaultTokenSource.Scoped(google, scopes) : given);
    }
}
