namespace DicomFunctions.Core.Authorization;

/// <summary>Sends one token, always.</summary>
internal sealed class FixedTokenSource(string token) : IAccessTokenSource
{
    public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) => new(token);

    public void Invalidate(string token)
    {
        // There is no other to replace it with.
    }
}
