using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Records;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

public sealed class RetrieveBatchTests
{
    private const string Path = "projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.2.3";

    [Fact]
    public async Task An_input_that_waits_for_another_of_its_study_keeps_its_line_though_the_buffer_is_used_again()
    {
        var archive = new FakeArchive();
        await using var host = await CoreHost.StartAsync(configure: services => services.AddSingleton<IDicomStoreClient>(archive));
        archive.Add("1.2.3", "1.2.3.1", "1.2.3.1.1", Some.DicomFile("1.2.3", "1.2.3.1", "1.2.3.1.1"));
        var wait = new TaskCompletionSource();
        archive.BeforeSearch = () => RequestWaits.Current!.AsideAsync(wait.Task);
        var jobStore = host.Services.GetRequiredService<JobStore>();
        var spec = new JobSpec
        {
            Id = JobId.Create(DateTimeOffset.UtcNow),
            Kind = JobKind.Retrieve,
            RetrieveType = RetrieveType.Instances,
            CreatedAt = DateTimeOffset.UtcNow,
            BufferSize = 8,
            MaxWorkers = 1,
        };
        using var output = new BlockWriter(host.Objects, "jobs/results", batch: 0, execution: 1, blockSize: 64 << 10);
        await using var cancel = new CancelWatch(jobStore, spec.Id, TimeProvider.System, CancellationToken.None);
        var limit = new RunLimit(TimeProvider.System, TimeSpan.FromMinutes(1));
        await using var run = new WorkerRun(output, new BatchTally(first: 0), limit, cancel);
        byte[][] lines = [Line(Path), Line(Path + "/series/1.2.3.1")];

        run.Enter();
        await host.Services.GetRequiredService<RetrieveBatch>().RunAsync(
            spec, [.. lines.Select(line => (ReadOnlyMemory<byte>)line)], run, CancellationToken.None);
        foreach (var line in lines)
            Array.Fill(line, (byte)'x');
        wait.SetResult();
        await run.CompleteAsync();
        await host.Objects.CommitBlocksAsync(
            "jobs/results", await output.CompleteAsync(CancellationToken.None), CancellationToken.None);

        await using var results = await host.Objects.OpenReadAsync("jobs/results", ObjectRange.All, ifMatch: null, CancellationToken.None);
        using var reader = new StreamReader(results!);
        var records = (await reader.ReadToEndAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);
        Assert.Equal([Path, Path + "/series/1.2.3.1"], records.Select(record => (string)record["input"]!));
    }

    private static byte[] Line(string path) => Encoding.UTF8.GetBytes($"\"{path}\"");
}
