namespace DicomFunctions.Core.Authorization;

/// <summary>Where the bearer token of every request to Google comes from. Register another by DI to replace the default.</summary>
public interface IAccessTokenSource
{
    /// <summary>
    /// A token fit for use now; null: send no <c>Authorization</c>. Cheap: the token is kept for as long as it is good.
    /// </summary>
    /// <exception cref="AccessTokenException">There is no credential, or it was refused, or nobody answered.</exception>
    ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Tells that a token was refused (401): the next <see cref="GetTokenAsync"/> brings a fresh one, if there is any.
    /// Does nothing when the token has been replaced already.
    /// </summary>
    void Invalidate(string token);
}
