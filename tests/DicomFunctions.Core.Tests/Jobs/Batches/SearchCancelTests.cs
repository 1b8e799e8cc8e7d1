using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

/// <summary>A job that is cancelled in the middle of a search: what was being searched has no record, what was done before has.</summary>
public sealed class SearchCancelTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_job_ends_in_the_middle_of_a_search_and_what_was_done_keeps_its_record(bool isOneAnswer)
    {
        await using var host = await CoreHost.StartAsync(settings: [("DicomWeb:PageSizes:Instances", "100"), ("Jobs:BlockSize", "65536")]);
        host.Server.Rows = FakeDicomStore.Instances(1);
        var isUnderWay = new TaskCompletionSource();
        host.Server.Before = async context =>
        {
            if (!context.Request.Query.ContainsKey("Modality"))
                return false;
            await EndlessAsync(context, isOneAnswer, isUnderWay);
            return true;
        };
        var id = await host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search, MaxWorkers = 1, BufferSize = 3 },
            CoreHost.Lines([CoreHost.SearchJson(), CoreHost.SearchJson(parameters: "{\"Modality\":\"CT\"}"), CoreHost.SearchJson()]),
            CancellationToken.None);
        await isUnderWay.Task.InTime();

        Assert.Equal(JobActionResult.Done, await host.Jobs.CancelAsync(id, CancellationToken.None));
        var view = await host.Jobs.WaitAsync(id, CancellationToken.None).InTime();

        Assert.Equal(JobStatus.Cancelled, view!.State);
        Assert.Equal([[1, 2]], view.Summary!.NotAttemptedInputs);
        var record = Assert.Single(await host.RecordsAsync(id));
        Assert.Single(record["result"]!.AsArray());
        Assert.True((bool)record["success"]!);
    }

    /// <summary>Rows for ever, in one answer or in pages; a block of results is staged long before anybody cancels.</summary>
    private static async Task EndlessAsync(HttpContext context, bool isOneAnswer, TaskCompletionSource isUnderWay)
    {
        _ = int.TryParse(context.Request.Query["offset"], out var first);
        if (!isOneAnswer)
        {
            if (first > 2000)
                isUnderWay.TrySetResult();
            await FakeDicomStore.JsonAsync(context, $"[{string.Join(',', FakeDicomStore.Instances(100, first))}]");
            return;
        }

        await context.Response.WriteAsync("[");
        try
        {
            for (var i = 0; !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.WriteAsync(FakeDicomStore.Row($"1.{i}") + ",", context.RequestAborted);
                if (i == 2000)
                    isUnderWay.TrySetResult();
                if (i > 2000)
                    await Task.Delay(1, context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
    }
}
