using DicomFunctions.Process.Tests.Support;

namespace DicomFunctions.Process.Tests.Crash;

/// <summary>A <c>dicomfn serve</c> that is killed at random moments, the same for one seed, and started again.</summary>
internal sealed class KilledHost(EmulatorProcess emulator, string data, int seed, params string[] arguments) : IAsyncDisposable
{
    private const int LongestStartMs = 600;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly Random _random = new(seed);
    private ServeProcess? _serve;

    /// <summary>The one that runs now.</summary>
    public ServeProcess Serve => _serve ?? throw new InvalidOperationException("It does not run.");

    public int Kills { get; private set; }

    public async Task StartAsync()
    {
        _serve = ServeProcess.Begin(data, Faulty.Client, arguments);
        await _serve.ListensAsync();
    }

    /// <summary>Kills it after up to so many more requests to the store, or, now and then, while it starts; then starts it again.</summary>
    /// <param name="requests">The most requests it is given.</param>
    public async Task KillAsync(int requests)
    {
        await WaitForRequestsAsync(_random.Next(requests));
        await StopAsync();
        while (_random.Next(4) == 0)
        {
            _serve = ServeProcess.Begin(data, Faulty.Client, arguments);
            await Task.Delay(_random.Next(LongestStartMs));
            await StopAsync();
        }

        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_serve is not null)
            await _serve.DisposeAsync();
    }

    /// <summary>Waits until so many requests were made, or none for a while: there may be nothing left to do.</summary>
    private async Task WaitForRequestsAsync(int requests)
    {
        var (last, since) = (await emulator.CountRequestsAsync(), TimeProvider.System.GetTimestamp());
        for (var end = last + requests; last < end && TimeProvider.System.GetElapsedTime(since) < Quiet;)
        {
            await Task.Delay(10);
            if (await emulator.CountRequestsAsync() is var now && now != last)
                (last, since) = (now, TimeProvider.System.GetTimestamp());
        }
    }

    private async Task StopAsync()
    {
        await Serve.Process.KillAsync();
        await Serve.DisposeAsync();
        _serve = null;
        Kills++;
    }
}
