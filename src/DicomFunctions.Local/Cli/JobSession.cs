using DicomFunctions.Core.Events;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tables;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Engine;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Telemetry;
using Microsoft.Extensions.Logging.Console;

namespace DicomFunctions.Local.Cli;

/// <summary>Core and the embedded engine for the duration of one command, without HTTP.</summary>
internal sealed class JobSession : IAsyncDisposable
{
    private static readonly TimeSpan LongestEvents = TimeSpan.FromSeconds(2);

    private readonly IHost _host;

    private JobSession(IHost host, bool isReadOnly) => (_host, IsReadOnly) = (host, isReadOnly);

    /// <summary>True if another process uses the data directory: jobs can be read and cancelled, but not run.</summary>
    public bool IsReadOnly { get; }

    public IJobService Jobs => _host.Services.GetRequiredService<IJobService>();

    public IJobTables Tables => _host.Services.GetRequiredService<IJobTables>();

    /// <summary>Locks the data directory.</summary>
    /// <param name="settings">The settings of the command line.</param>
    /// <param name="resumes">Which interrupted instances to continue.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="DataDirectoryInUseException">Another process uses it.</exception>
    public static async Task<JobSession> OpenAsync(
        Dictionary<string, string?> settings, Func<string, bool> resumes, CancellationToken cancellationToken)
    {
        var host = Build(settings, services => services.AddSingleton(new ResumeFilter(resumes)));
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            return new JobSession(host, isReadOnly: false);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Locks the data directory or, if another process uses it, opens it for reading.</summary>
    public static async Task<JobSession> OpenToReadAsync(Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(settings, _ => false, cancellationToken).ConfigureAwait(false);
        }
        catch (DataDirectoryInUseException)
        {
            var host = Build(settings, services => services.AddSingleton<IWorkflowEngine, ElsewhereEngine>());
            return new JobSession(host, isReadOnly: true);
        }
    }

    /// <summary>Waits until the engine has finished with a job that has ended.</summary>
    public Task WaitForEngineAsync(string id, CancellationToken cancellationToken) =>
        _host.Services.GetRequiredService<IWorkflowEngine>().WaitAsync(id, cancellationToken);

    /// <summary>
    /// Waits a moment until the events of what has ended are sent. An endpoint that takes none must not hold up a command: the next one, or
    /// <c>dicomfn serve</c>, sends them.
    /// </summary>
    public async Task WaitForEventsAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(LongestEvents);
        Task sent = _host.Services.GetRequiredService<IWorkflowEngine>().WaitAsync(EventActivities.InstanceId, timeout.Token);
        await sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        if (!IsReadOnly)
            await _host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The host, not started: it can read jobs even if another process uses the data directory.</summary>
    public static IHost Build(Dictionary<string, string?> settings, Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddEnvironmentVariables().AddInMemoryCollection(settings);
        builder.Logging.AddStandardError().SetMinimumLevel(LogLevel.Warning);
        // The command itself says how its job ended.
        builder.Logging.AddFilter<ConsoleLoggerProvider>(typeof(JobEndLog).FullName, LogLevel.None);
        builder.Services.AddLocalHost().AddOtlpExport(builder.Configuration, "dicomfn");
        configure(builder.Services);
        return builder.Build();
    }
}
