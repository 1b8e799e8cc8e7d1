namespace DicomFunctions.Fuzz.Tests.Harness;

/// <summary>Bounds what a piece of work may allocate.</summary>
internal static class Memory
{
    /// <summary>Does work that stays on this thread, and fails when it allocates more, live or garbage, than so many bytes.</summary>
    public static T AtMost<T>(long bytes, Func<T> work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = work();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= bytes, $"{allocated} bytes were allocated where {bytes} should do.");
        return result;
    }

    /// <summary>Waits for asynchronous work that has no cause to wait for anything, and so stays on this thread.</summary>
    public static T AtMost<T>(long bytes, Func<Task<T>> work) => AtMost(bytes, () =>
    {
        var task = work();
        Assert.True(task.IsCompleted, "The work left its thread.");
        return task.GetAwaiter().GetResult();
    });
}
