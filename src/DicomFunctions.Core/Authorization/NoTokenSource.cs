namespace DicomFunctions.Core.Authorization;

/// <summary>Sends no token.</summary>
internal sealed class NoTokenSource : IAccessTokenSource
{
    public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) => default;

    public void Invalidate(string token)
    {
        // There is no token to replace.
    }
}
