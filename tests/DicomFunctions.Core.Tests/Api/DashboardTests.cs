using System.Text.RegularExpressions;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

public sealed class DashboardTests
{
    [ChromiumFact]
    public async Task Jobs_are_offered_what_the_API_does_with_them()
    {
        await using var host = await CoreHost.StartAsync(
            settings: [("Drop:Destination", CoreHost.Store.ToString()), ("Drop:SettleTime", "00:00:00")]);
        await using var api = await ApiServer.StartAsync(host);
        var good = await host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, CoreHost.SearchJson());
        var bad = await host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, "{}");
        await host.PutAsync("drop/incoming/a.dcm", "no DICOM"u8.ToArray());
        await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None);
        await host.Engine.WaitAsync(DropActivities.InstanceId, CancellationToken.None).InTime();
        var ofDrop = (await host.Jobs.ListAsync(null, CancellationToken.None).SingleAsync(job => job.IsOwned)).Id;
        var go = new TaskCompletionSource();
        host.Server.Before = async _ =>
        {
            await go.Task;
            return false;
        };
        var running = await host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search }, CoreHost.Lines([CoreHost.SearchJson()]), CancellationToken.None);

        List<string> rows;
        try
        {
            var page = await Browser.ShowAsync(new Uri(api.Http.BaseAddress!, "api/dashboard"));
            rows = [.. Regex.Matches(page, "<tr>.*?</tr>", RegexOptions.Singleline).Select(row => row.Value)];
        }
        finally
        {
            go.SetResult();
        }

        Assert.Equal("", LastCellOf(good));
        Assert.Equal("<button>retry</button>", LastCellOf(bad));
        Assert.Equal("<button>cancel</button>", LastCellOf(running));
        Assert.Equal("dropped files", LastCellOf(ofDrop));

        string LastCellOf(string id) => Regex.Match(
            rows.Single(row => row.Contains(id, StringComparison.Ordinal)), ".*<td[^>]*>(.*)</td></tr>",
            RegexOptions.Singleline).Groups[1].Value;
    }
}
