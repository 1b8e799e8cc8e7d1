using DicomFunctions.Core.Authorization;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>Tokens t1, t2 and so on: another each time the one in use is refused.</summary>
internal sealed class NumberedTokens : IAccessTokenSource
{
    private int _number = 1;

    public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) => new($"t{Volatile.Read(ref _number)}");

    public void Invalidate(string token)
    {
        if (token == $"t{Volatile.Read(ref _number)}")
            Interlocked.Increment(ref _number);
    }
}
