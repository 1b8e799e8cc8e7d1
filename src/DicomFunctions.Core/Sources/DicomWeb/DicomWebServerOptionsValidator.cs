using System.Buffers;
using DicomFunctions.Core.Authorization;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Sources.DicomWeb;

/// <summary>Validates the DICOMweb servers of the settings. No message repeats a secret.</summary>
internal sealed class DicomWebServerOptionsValidator : IValidateOptions<SourceOptions>
{
    private const int MaxNameLength = 64;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public ValidateOptionsResult Validate(string? name, SourceOptions options)
    {
        foreach (var (alias, server) in options.DicomWeb)
        {
            var section = $"{SourceOptions.SectionName}:{nameof(SourceOptions.DicomWeb)}:{alias}";
            if (Problem(alias) is { } bad)
                return ValidateOptionsResult.Fail($"{section}: {bad}");
            if (Problem(server) is { } problem)
                return ValidateOptionsResult.Fail($"{section}{problem}");
        }

        return ValidateOptionsResult.Success;
    }

    private static string? Problem(string alias) =>
        alias.Length > MaxNameLength || alias.AsSpan().ContainsAnyExcept(NameCharacters)
            ? $"the name of a server has 1 to {MaxNameLength} letters, digits, '_' and '-'."
        : alias.Equals(DicomWebReference.StoreRoot, StringComparison.OrdinalIgnoreCase)
            ? $"a server cannot be named '{DicomWebReference.StoreRoot}', with which the paths of stores begin."
        : null;

    private static string? Problem(DicomWebServerOptions server) =>
        server.Url is not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" }
            ? ":Url must be the http or https URL of a DICOMweb service root."
        : server.Url.UserInfo.Length > 0
            ? ":Url must not have a user name or a password: set User and Password."
        : server.PageSize is < 1 or > 1_000_000
            ? ":PageSize must be between 1 and 1000000."
        : new[] { server.BearerToken, server.BearerTokenFile, server.User }.Count(value => value is not null) > 1
            ? " has more than one credential: set BearerToken, BearerTokenFile, or User and Password."
        : server.User is null != server.Password is null || server.User?.Contains(':', StringComparison.Ordinal) == true
            ? ": User and Password must be set together, and User has no ':'."
        : server.BearerToken is { } token && !BearerToken.IsValid(token)
            ? ":BearerToken has a character that a bearer token cannot have."
        : server.BearerTokenFile is { } file && string.IsNullOrWhiteSpace(file)
            ? ":BearerTokenFile is empty."
        : server.Url is { Scheme: "http", IsLoopback: false } && (server.BearerToken ?? server.BearerTokenFile ?? server.User) is not null
            ? ":Url must be https: a credential is sent over http to this machine alone."
        : null;
}
