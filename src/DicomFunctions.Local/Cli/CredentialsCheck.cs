using DicomFunctions.Core.Authorization;
using DicomFunctions.Local.Usage;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Cli;

/// <summary>Notices missing credentials before there is a job.</summary>
internal static class CredentialsCheck
{
    /// <summary>Obtains a token for the DICOM store.</summary>
    /// <exception cref="CommandFailedException">There are no usable credentials; the message names the option to give them.</exception>
    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredService<IAccessTokenSource>().GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AccessTokenException exception)
        {
            var options = services.GetRequiredService<IOptions<AuthorizationOptions>>().Value;
            var option = CommonOptions.TokenFile.Name;
            throw new CommandFailedException(
                options is { Mode: AuthorizationMode.Bearer, BearerTokenFile: { } file }
                    ? $"{option} {file}: {exception.Message}"
                    // The rest of the message is for hosts that run for long.
                    : $"{exception.Message.Split(". ")[0].TrimEnd('.')}. Give a token with {option} FILE, run 'gcloud auth "
                        + "application-default login', or set GOOGLE_APPLICATION_CREDENTIALS to the path of a credential file.",
                exception);
        }
    }
}
