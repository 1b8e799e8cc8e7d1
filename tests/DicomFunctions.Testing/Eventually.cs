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
            throw new TimeoutException($"In {deadline.TotalSeconds} s it did not come to pass that {what}.");
    }

    /// <summary>Waits until a condition holds; false when it does not in time.</summary>
    public static async Task<bool> ComesAsync(Func<Task<bool>> condition, TimeSpan within)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > within)
                return false;
            await Task.Delay(5);
        }

        return true;
    }

    /// <summary>Waits until a condition holds; fails, naming it, when it does not in time.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    /// <summary>Waits for a task, but not for ever.</summary>
    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Deadline);

    /// <summary>Waits for a task, but not for ever.</summary>
    public static Task InTime(this Task task) => task.WaitAsync(Deadline);
}
