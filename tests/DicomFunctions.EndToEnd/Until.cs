using System.Diagnostics;

namespace DicomFunctions.EndToEnd;

/// <summary>Waits for what other processes do.</summary>
internal static class Until
{
    /// <summary>Asks until there is an answer; fails, naming what was waited for, when there is none in time.</summary>
    public static async Task<T> FoundAsync<T>(Func<Task<T?>> ask, string what, TimeSpan atMost)
        where T : class
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(200))
        {
            if (await ask() is { } found)
                return found;
            if (watch.Elapsed > atMost)
                throw new TimeoutException($"In {atMost.TotalSeconds} s it did not come to pass that {what}.");
        }
    }

    /// <summary>Asks until it is so.</summary>
    public static Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan atMost) =>
        FoundAsync(async () => await condition() ? "" : null, what, atMost);
}
