using System.Diagnostics;
using DicomFunctions.Testing;
using ChildProcess = System.Diagnostics.Process;

namespace DicomFunctions.Integration.Peers;

/// <summary>A server that somebody else wrote, as a child process; ended by its own id when disposed.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly Task _read;

    private PeerProcess(ChildProcess process)
    {
        _process = process;
        // What it says must be read, or it stops at a full pipe.
        _read = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    public static PeerProcess Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new PeerProcess(ChildProcess.Start(start)!);
    }

    /// <summary>Waits until a URL answers at all.</summary>
    public async Task AnswersAsync(string url)
    {
        using var http = new HttpClient();
        await Eventually.HoldsAsync(() => AnswersAsync(http, url), $"{url} answers", Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        await _read;
        _process.Dispose();
    }

    private async Task<bool> AnswersAsync(HttpClient http, string url)
    {
        try
        {
            using var answer = await http.GetAsync(url);
            return true;
        }
        catch (HttpRequestException) when (!_process.HasExited)
        {
            return false;
        }
    }
}
