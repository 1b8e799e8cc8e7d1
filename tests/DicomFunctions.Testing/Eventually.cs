namespace DicomFunctions.Testing;

/// <summary>Waiting for what other threads do, without guessing how long it takes.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a condition holds; fails, naming it, when it does not in time.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var deadline = within ?? Deadline;
        if (!await ComesAsync(condition, deadline))
            throw Late(what, deadline);
    }

    /// <summary>Waits until a condition holds; false when it does not in time.</summary>
    public static async Task<bool> ComesAsync(Func<Task<bool>> condition, TimeSpan within) =>
        await FindAsync(async () => await condition() ? "" : null, within) is not null;

    /// <summary>Asks until there is an answer; fails, naming what was waited for, when there is none in time.</summary>
    public static async Task<T> FoundAsync<T>(Func<Task<T?>> ask, string what, TimeSpan? within = null)
        where T : class
    {
        var deadline = within ?? Deadline;
        return await FindAsync(ask, deadline) ?? throw Late(what, deadline);
    }

    /// <summary>Waits until a condition holds; fails, naming it, when it does not in time.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    /// <summary>Waits for a task, but not for ever.</summary>
    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Deadline);

    /// <summary>Waits for a task, but not for ever.</summary>
    public static Task InTime(this Task task) => task.WaitAsync(Deadline);

    private static async Task<T?> FindAsync<T>(Func<Task<T?>> ask, TimeSpan within)
        where T : class
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await ask() is { } found)
                return found;
            var waited = TimeProvider.System.GetElapsedTime(start);
            if (waited > within)
                return null;
            // Often at first; a server that takes long to start is not asked too often.
            await Task.Delay(waited < TimeSpan.FromSeconds(5) ? 5 : 100);
        }
    }

    private static TimeoutException Late(string what, TimeSpan deadline) => new($"Not within {deadline.TotalSeconds} s: {what}.");
}
