using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace DicomFunctions.Process.Tests.Support;

/// <summary>A <c>dicomfn</c> of this build as a child process; killed, if it still runs, when disposed.</summary>
internal sealed class DicomFn : IAsyncDisposable
{
    public static readonly string Program = typeof(DicomFn).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "dicomfn").Value!;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    private readonly System.Diagnostics.Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task _errorRead;
    private readonly Task _peakRead;
    private long _peakBytes;

    private DicomFn(System.Diagnostics.Process process)
    {
        _process = process;
        _errorRead = ReadErrorAsync();
        _peakRead = WatchPeakAsync();
    }

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    public Stream Output => _process.StandardOutput.BaseStream;

    public StreamReader OutputText => _process.StandardOutput;

    /// <summary>What it has said on standard error so far.</summary>
    public string Error
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    /// <summary>The most memory it has had resident, in bytes, as the kernel counted it (VmHWM).</summary>
    public long PeakBytes => Interlocked.Read(ref _peakBytes);

    /// <param name="arguments">The command line.</param>
    /// <param name="settings">Environment variables; others that configure <c>dicomfn</c> are taken away.</param>
    /// <param name="openFiles">How many files it may have open; null for as many as the tests may.</param>
    public static DicomFn Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings = null, int? openFiles = null)
    {
        string[] limited = openFiles is { } most ? ["/bin/sh", "-c", $"ulimit -n {most}; exec \"$0\" \"$@\""] : [];
        // Tests that run in the background of a shell have inherited that Ctrl+C is ignored, and would hand it on.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT,QUIT", .. limited, Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new DicomFn(System.Diagnostics.Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<Finished> RunAsync(params string[] arguments) => RunAsync(arguments, settings: null);

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Finished> RunAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings)
    {
        await using var process = Start(arguments, settings);
        var output = await process.OutputText.ReadToEndAsync().WaitAsync(Deadline);
        await process.ExitedAsync();
        return new Finished(process.ExitCode, output, process.Error, process.PeakBytes);
    }

    /// <summary>Waits until it has ended and all it said is there.</summary>
    public async Task ExitedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        await _errorRead;
        await _peakRead;
    }

    /// <summary>Ends it by SIGKILL, which no process can see coming.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitedAsync();
    }

    /// <summary>Sends SIGINT, as Ctrl+C does.</summary>
    public async Task InterruptAsync()
    {
        using var kill = System.Diagnostics.Process.Start(
            "/bin/sh", ["-c", $"kill -INT {_process.Id.ToString(CultureInfo.InvariantCulture)}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("DicomFunctions", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_GC", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("PUBSUB_", StringComparison.OrdinalIgnoreCase);

    private async Task ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_error)
                _error.AppendLine(line);
        }
    }

    /// <summary>The kernel's count is gone with the process, so it is read again and again.</summary>
    private async Task WatchPeakAsync()
    {
        while (!_process.HasExited)
        {
            if (ReadPeak() is > 0 and var peak)
                Interlocked.Exchange(ref _peakBytes, peak);
            await Task.Delay(20);
        }
    }

    private long ReadPeak()
    {
        try
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6, line.Length - 6 - 3).Trim(), CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
