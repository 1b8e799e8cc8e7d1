using System.Text;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

public sealed class CollapseTests
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.2/series/";

    [Theory]
    [InlineData(Collapse.Series, 2, "SeriesInstanceUID=3.1")]
    [InlineData(Collapse.Study, 1, "StudyInstanceUID=1.2&limit")]
    public async Task Messages_of_one_series_or_study_share_a_search_and_each_has_its_record(object collapse, int searches, string query)
    {
        await using var host = await CoreHost.StartAsync(settings: [("DicomWeb:ShortPageIsLast", "true")]);
        // Far more rows than the two lookups of a series would pay for.
        host.Server.Rows = [.. Enumerable.Range(0, 500).Select(i => FakeDicomStore.Row("1.2", i == 7 ? "3.2" : "3.1", $"9.{i}"))];
        var inputs = new[] { "3.1/instances/9.0", "3.1/instances/9.499", "3.2/instances/9.7", "3.2/instances/9.1000" }
            .Select((path, i) => $$"""{"data":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Store + path))}}","messageId":"{{i}}"}""");

        var id = await host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Notifications, Collapse = (Collapse)collapse, MaxWorkers = 1 }, inputs);

        var records = await host.RecordsAsync(id);
        Assert.Equal(["0", "1", "2", "3"], records.Select(record => (string)record["message_id"]!));
        Assert.Equal([200, 200, 200, 204], records.Select(record => (int)record["status"]!));
        Assert.Equal([1, 1, 1, 0], records.Select(record => record["result"]!.AsArray().Count));
        Assert.Equal(searches, host.Server.Requests.Count);
        Assert.Contains(host.Server.Requests, request => request.Contains(query, StringComparison.Ordinal));
    }
}
