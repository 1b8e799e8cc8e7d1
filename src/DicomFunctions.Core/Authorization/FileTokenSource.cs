namespace DicomFunctions.Core.Authorization;

/// <summary>The token in a file, which another process may renew.</summary>
internal sealed class FileTokenSource(string path, TimeProvider time) : CachedTokenSource(time)
{
    private const int MaxLength = 64 * 1024;

    protected override async Task<string> FetchAsync(string? refused, CancellationToken cancellationToken)
    {
        string token;
        try
        {
            if (new FileInfo(path).Length > MaxLength)
                throw new AccessTokenException("The bearer token file is too large to hold a token.");
            token = (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AccessTokenException("Cannot read the bearer token file.", exception);
        }

        return BearerToken.IsValid(token) ? token : throw new AccessTokenException("The bearer token file holds no valid token.");
    }
}
