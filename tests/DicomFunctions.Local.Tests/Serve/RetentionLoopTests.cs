using System.Text.Json;
using DicomFunctions.Core;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Serve;
using DicomFunctions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DicomFunctions.Local.Tests.Serve;

public sealed class RetentionLoopTests
{
    [Fact]
    public async Task A_failed_run_is_followed_by_the_next_whatever_the_failure()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        var runs = 0;
        var store = new FaultyObjectStore(new DirectoryObjectStore(folder.Path))
        {
            Fault = (member, _) => member == "ListFoldersAsync" && Interlocked.Increment(ref runs) == 1
                ? new JsonException("A file was cut short.")
                : null,
        };
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IObjectStore>(store)
            .AddSingleton<IWorkflowEngine>(provider => new InProcessEngine(provider.GetRequiredService<WorkflowCatalog>, clock))
            .AddLogging()
            .AddDicomFunctions()
            .BuildServiceProvider();
        using var loop = new RetentionLoop(services.GetRequiredService<IJobService>(), clock, NullLogger<RetentionLoop>.Instance);

        await loop.StartAsync(CancellationToken.None);
        for (var run = 1; run <= 2; run++)
        {
            await Eventually.HoldsAsync(() => clock.NextTimer is not null, "the loop waits for the next run");
            clock.Advance(clock.NextTimer!.Value);
            await Eventually.HoldsAsync(() => Volatile.Read(ref runs) == run, $"run {run} is made");
        }

        await loop.StopAsync(CancellationToken.None).InTime();
        Assert.True(loop.ExecuteTask!.IsCompletedSuccessfully);
    }
}
