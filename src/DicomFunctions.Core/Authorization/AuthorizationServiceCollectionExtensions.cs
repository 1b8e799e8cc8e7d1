using Google.Apis.Auth.OAuth2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Authorization;

/// <summary>Registers how requests to Google are authorized.</summary>
public static class AuthorizationServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IAccessTokenSource"/> as <see cref="AuthorizationOptions"/> say, unless there is one. With
    /// <see cref="AuthorizationMode.ApplicationDefault"/>, an <see cref="ITokenAccess"/> or a <see cref="GoogleCredential"/> that is
    /// registered (before or after) takes the place of the machine's own credential, as Beam's <c>credential</c> does.
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

    /// <summary>The tokens for requests that need another scope than DICOM stores do. A source of another kind has one token for all.</summary>
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
