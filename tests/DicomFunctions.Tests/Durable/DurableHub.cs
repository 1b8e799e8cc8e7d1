using System.Net;
using DicomFunctions.Core.Workflow;
using DurableTask.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing.Sidecar;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DicomFunctions.App.Tests.Durable;

/// <summary>
/// The real Durable SDK in this process: its worker and its client, over gRPC to its service, whose store is in memory. An orchestrator's
/// code runs again from its start with every event, as it does on Durable Functions without extended sessions.
/// </summary>
internal sealed class DurableHub : IAsyncDisposable
{
    private readonly InMemoryOrchestrationService _store = new();
    private readonly WorkflowCatalog _names;
    private readonly Func<string, TaskOrchestrationContext, Task> _orchestrator;
    private readonly Func<string, string, CancellationToken, Task<string>> _activity;
    private readonly int _maxConcurrentActivities;
    private Life _life = null!;

    private DurableHub(
        WorkflowCatalog names,
        Func<string, TaskOrchestrationContext, Task> orchestrator,
        Func<string, string, CancellationToken, Task<string>> activity,
        int maxConcurrentActivities)
    {
        _names = names;
        _orchestrator = orchestrator;
        _activity = activity;
        _maxConcurrentActivities = maxConcurrentActivities;
    }

    /// <summary>The client of the process that lives now.</summary>
    public DurableTaskClient Client => _life.Client;

    /// <summary>Starts a process over an empty store.</summary>
    /// <param name="names">What orchestrators and activities there are.</param>
    /// <param name="orchestrator">Orchestrator functions, by name.</param>
    /// <param name="activity">Activity functions, by name and input; the token is cancelled when the process dies.</param>
    /// <param name="maxConcurrentActivities">How many activities the process runs at once.</param>
    public static async Task<DurableHub> StartAsync(
        WorkflowCatalog names,
        Func<string, TaskOrchestrationContext, Task> orchestrator,
        Func<string, string, CancellationToken, Task<string>> activity,
        int maxConcurrentActivities = 5)
    {
        var hub = new DurableHub(names, orchestrator, activity, maxConcurrentActivities);
        await hub.BeginAsync();
        return hub;
    }

    /// <summary>The process dies: activities are lost in mid-work. Another takes up what is not done.</summary>
    public async Task RestartAsync()
    {
        await _life.EndAsync();
        await BeginAsync();
    }

    public async ValueTask DisposeAsync() => await _life.EndAsync();

    private async Task BeginAsync()
    {
        var lease = TaskHubLease.Take(_store, _maxConcurrentActivities);
        var service = await ServeAsync(lease);
        var channel = GrpcChannel.ForAddress(service.Urls.Single());
        var ended = new CancellationTokenSource();
        var worker = Host.CreateEmptyApplicationBuilder(new());
        worker.Services.AddLogging();
        worker.Services.AddDurableTaskWorker(builder => builder.UseGrpc(channel).AddTasks(tasks => Register(tasks, ended.Token)));
        worker.Services.AddDurableTaskClient(builder => builder.UseGrpc(channel).RegisterDirectly());
        var host = worker.Build();
        await host.StartAsync();
        _life = new Life(lease, service, channel, host, ended);
    }

    private static async Task<WebApplication> ServeAsync(ITaskHubStore store)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting()
            .AddLogging()
            .AddSingleton<IOrchestrationService>(store)
            .AddSingleton<IOrchestrationServiceClient>(store)
            .AddSingleton<TaskHubGrpcServer>().AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<TaskHubGrpcServer>();
        await app.StartAsync();
        return app;
    }

    private void Register(DurableTaskRegistry tasks, CancellationToken ended)
    {
        foreach (var name in _names.Workflows)
        {
            // A variable: the SDK's analyzer throws at the call of a delegate within a lambda.
            Func<TaskOrchestrationContext, string, Task> orchestrator = (context, _) => _orchestrator(name, context);
            tasks.AddOrchestratorFunc(name, orchestrator);
        }

        foreach (var name in _names.Activities)
            tasks.AddActivityFunc<string, string>(name, (_, input) => _activity(name, input, ended));
    }

    /// <summary>What dies with the process.</summary>
    private sealed record Life(
        ITaskHubStore Lease, WebApplication Service, GrpcChannel Channel, IHost Worker, CancellationTokenSource Ended)
    {
        public DurableTaskClient Client { get; } = Worker.Services.GetRequiredService<DurableTaskClient>();

        public async Task EndAsync()
        {
            // Nobody waits for what a dead process was about to do.
            ((TaskHubLease)(object)Lease).End();
            await Ended.CancelAsync();
            await Worker.StopAsync(new CancellationToken(canceled: true));
            Worker.Dispose();
            Channel.Dispose();
            await Service.StopAsync(new CancellationToken(canceled: true));
            await Service.DisposeAsync();
        }
    }
}
