namespace DicomFunctions.Fuzz.Tests.Harness;

/// <summary>Bounds what a piece of work may allocate, live or garbage.</summary>
internal static class Memory
{
    /// <summary>Does work that stays on this thread, and fails when it allocates more than so many bytes.</summary>
    public static T AtMost<T>(long bytes, Func<T> work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = work();
        AssertAtMost(bytes, before);
        return result;
    }

    /// <summary>The same for asynchronous work that has no cause to wait for anything.</summary>
    public static T AtMost<T>(long bytes, Func<Task<T>> work) => AtMost(bytes, () =>
    {
        var task = work();
        Assert.True(task.IsCompleted, "The work left its thread.");
        return task.GetAwaiter().GetResult();
    });

    /// <summary>For work on spans, which no delegate can hold.</summary>
    /// <param name="bytes">The most.</param>
    /// <param name="before"><see cref="GC.GetAllocatedBytesForCurrentThread"/> before the work.</param>
    public static void AssertAtMost(long bytes, long before)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= bytes, $"{allocated} bytes were allocated where {bytes} should do.");
    }
}
