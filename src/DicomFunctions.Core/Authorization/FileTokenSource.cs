namespace DicomFunctions.Core.Authorization;

/// <summary>Sends the token a file holds, whoever renews it there.</summary>
internal sealed class FileTokenSource(string path, TimeProvider time) : CachedTokenSource(time)
{
    private const int MaxLength = 64 * 1024;

    protected override async Task<string> FetchAsync(string? refused, CancellationToken cancellationToken)
    {
        string token;
        try
        {
            if (new FileInfo(path).Length > MaxLength)
                throw new AccessTokenException("The bearer token's file is too long to be one.");
            token = (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AccessTokenException("The bearer token's file can not be read.", exception);
        }

        return BearerToken.IsValid(token) ? token : throw new AccessTokenException("The bearer token's file holds no token.");
    }
}
