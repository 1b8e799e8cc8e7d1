namespace DicomFunctions.Core.Authorization;

/// <summary>Always the same token.</summary>
internal sealed class FixedTokenSource(string token) : IAccessTokenSource
{
    public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) => new(token);

    public void Invalidate(string token)
    {
        // There is no other token to use instead.
    }
}
