using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Events;

/// <summary>Validates that there is at most one endpoint, and that what is posted can be signed.</summary>
internal sealed class EventOptionsValidator : IValidateOptions<EventOptions>
{
    private const string Section = EventOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, EventOptions options) =>
        Problem(options) is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;

    private static string? Problem(EventOptions options)
    {
        if (options is { Url: not null, Topic: not null })
            return $"{Section}: set {nameof(options.Url)} or {nameof(options.Topic)}, not both.";
        if (options.Topic is { } topic && topic.Scheme != Uri.UriSchemeHttps)
            return $"{Section}:{nameof(options.Topic)} must be an https URL.";
        if (options.Url is not { } url)
        {
            return options is { Secret: null, SecretFile: null }
                ? null
                : $"{Section}: {nameof(options.Secret)} and {nameof(options.SecretFile)} are only for {nameof(options.Url)}.";
        }

        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback))
            return $"{Section}:{nameof(options.Url)} must be an https URL: http is allowed for this machine only.";
        if (url.UserInfo.Length > 0)
            return $"{Section}:{nameof(options.Url)} must not hold a user name or password.";
        if (options.Secret is null == options.SecretFile is null)
            return $"{Section}: set either {nameof(options.Secret)} or {nameof(options.SecretFile)}, which signs what is posted.";
        return options.Secret is { } secret && !WebhookSecret.TryParse(secret, out _)
            ? $"{Section}:{nameof(options.Secret)} {WebhookSecret.Problem}"
            : null;
    }
}
