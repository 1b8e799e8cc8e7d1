using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Authorization;

internal sealed class AuthorizationOptionsValidator : IValidateOptions<AuthorizationOptions>
{
    private const string Section = AuthorizationOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, AuthorizationOptions options)
    {
        var isBearer = options.Mode == AuthorizationMode.Bearer;
        if (!Enum.IsDefined(options.Mode))
            return ValidateOptionsResult.Fail($"{Section}:Mode must be ApplicationDefault, Bearer or None.");
        if (isBearer && options.BearerToken is null == options.BearerTokenFile is null)
            return ValidateOptionsResult.Fail($"{Section}:Mode is Bearer: set either BearerToken or BearerTokenFile.");
        if (!isBearer && (options.BearerToken ?? options.BearerTokenFile) is not null)
            return ValidateOptionsResult.Fail($"{Section} has a bearer token, but {Section}:Mode is not Bearer.");
        if (options.BearerToken is { } token && !BearerToken.IsValid(token))
            return ValidateOptionsResult.Fail($"{Section}:BearerToken has a character that a bearer token cannot have.");
        if (options.BearerTokenFile is { } file && string.IsNullOrWhiteSpace(file))
            return ValidateOptionsResult.Fail($"{Section}:BearerTokenFile is empty.");
        return options.Scopes.Any(scope => string.IsNullOrWhiteSpace(scope) || scope.Contains(' ', StringComparison.Ordinal))
            ? ValidateOptionsResult.Fail($"{Section}:Scopes has an invalid entry; each entry must be one scope.")
            : ValidateOptionsResult.Success;
    }
}
