namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>Waits for background work.</summary>
internal static class Eventually
{
    /// <summary>Polls a condition until it holds; fails after 30 seconds.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Not within 30 s: {what}");
            await Task.Delay(20);
        }
    }

    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);
}
