using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Health;

/// <summary>Runs the checks concurrently and caches their results for a few seconds, since anyone may ask as often as they like.</summary>
internal sealed class HealthChecks
{
    /// <summary>How long a check may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Kept[] _checks;

    public HealthChecks(IEnumerable<IHealthCheck> checks, TimeProvider time) =>
        _checks = [.. checks.Select(check => new Kept(check, time))];

    /// <summary>Runs the checks; those that ask other servers only if <paramref name="deep"/>.</summary>
    public async Task<IReadOnlyList<HealthResult>> RunAsync(bool deep, CancellationToken cancellationToken) => await Task.WhenAll(
        from check in _checks
        where deep || !check.IsDeep
        select check.RunAsync(cancellationToken)).ConfigureAwait(false);

    /// <summary>A check with its last result.</summary>
    private sealed class Kept(IHealthCheck check, TimeProvider time)
    {
        private static readonly TimeSpan KeptForLong = TimeSpan.FromSeconds(30);
        private static readonly TimeSpan KeptForShort = TimeSpan.FromSeconds(5);

        private readonly Lock _lock = new();
        private Task<(HealthResult Result, long At)>? _last;

        public bool IsDeep => check.IsDeep;

        public async Task<HealthResult> RunAsync(CancellationToken cancellationToken)
        {
            Task<(HealthResult Result, long At)> last;
            lock (_lock)
                last = _last = _last is not null && IsFresh(_last) ? _last : FindAsync();
            return (await last.WaitAsync(cancellationToken).ConfigureAwait(false)).Result;
        }

        /// <summary>Whether a result is pending or recent enough. A local problem is checked again at once, since it may be over.</summary>
        private bool IsFresh(Task<(HealthResult Result, long At)> last) => !last.IsCompletedSuccessfully
            || ((IsDeep || last.Result.Result.Problem is null)
                && time.GetElapsedTime(last.Result.At) < (IsDeep ? KeptForLong : KeptForShort));

        /// <summary>Cannot be cancelled by the first caller: others wait for the same result.</summary>
        private async Task<(HealthResult Result, long At)> FindAsync()
        {
            await Task.Yield();
            return (new HealthResult(check.Name, await FindProblemAsync().ConfigureAwait(false)), time.GetTimestamp());
        }

        private async Task<string?> FindProblemAsync()
        {
            using var timeout = new CancellationTokenSource(Patience, time);
            try
            {
                return await check.FindProblemAsync(timeout.Token).WaitAsync(timeout.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return $"No answer within {Patience.TotalSeconds:0} s.";
            }
            catch (Exception exception)
            {
                return exception is ISafeMessage ? exception.Message : $"The check failed with {exception.GetType().Name}.";
            }
        }
    }
}
