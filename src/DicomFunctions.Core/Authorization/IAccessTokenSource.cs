namespace DicomFunctions.Core.Authorization;

/// <summary>The source of bearer tokens for requests to Google. Register another implementation to replace the default.</summary>
public interface IAccessTokenSource
{
    /// <summary>
    /// The current token; null to send no <c>Authorization</c>. Cheap: the token is cached while it is valid.
    /// </summary>
    /// <exception cref="AccessTokenException">No credential was found, it was refused, or the token server did not answer.</exception>
    ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reports that a token was refused (401), so that the next <see cref="GetTokenAsync"/> returns a fresh one, if there is any.
    /// Does nothing if the token has been replaced already.
    /// </summary>
    void Invalidate(string token);
}
