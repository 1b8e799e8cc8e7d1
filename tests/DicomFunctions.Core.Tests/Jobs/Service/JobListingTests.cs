using System.Globalization;
using System.Text;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Tests.Fakes;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Service;

public sealed class JobListingTests : IAsyncLifetime
{
    private CoreHost _host = null!;

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_jobs_of_days_with_few_and_with_many_come_newest_first(bool endsWithEnough)
    {
        _host.Objects.EndsWithEnough = endsWithEnough;
        List<string> ids = [];
        for (var i = 0; i < 3; i++)
            ids.Add(await PutAsync(20261124, i * 3600));
        for (var i = 0; i < 1_005; i++)
            ids.Add(await PutAsync(20261125, i * 86));
        ids.Add(await PutAsync(20261126, 5));
        ids.Sort(StringComparer.Ordinal);
        ids.Reverse();

        Assert.Equal(ids, await ListAsync(before: null));
        Assert.Equal(ids.Skip(701), await ListAsync(before: ids[700]));
        Assert.Equal(ids.Skip(1), await ListAsync(before: ids[0]));
        Assert.Equal(ids.Skip(1_006), await ListAsync(before: "20261125-000000-000000"));
    }

    [Fact]
    public async Task A_page_asks_for_little_more_than_it_has()
    {
        for (var i = 0; i < 200; i++)
            await PutAsync(20261125, i * 60);
        var reads = 0;
        _host.Objects.Fault = (member, name) =>
        {
            if (member == "OpenReadAsync" && name.EndsWith("/job.json", StringComparison.Ordinal))
                Interlocked.Increment(ref reads);
            return null;
        };

        Assert.Equal(20, await _host.Jobs.ListAsync(null, CancellationToken.None).Take(20).CountAsync());
        // An interrupted job is read twice.
        Assert.InRange(reads, 20, 2 * (20 + 16));
    }

    private ValueTask<List<string>> ListAsync(string? before) =>
        _host.Jobs.ListAsync(before, CancellationToken.None).Select(job => job.Id).ToListAsync();

    /// <summary>Writes the job of a second of a day.</summary>
    private async Task<string> PutAsync(int day, int second)
    {
        var time = TimeSpan.FromSeconds(second).ToString("hhmmss", CultureInfo.InvariantCulture);
        var id = $"{day}-{time}-000000";
        var spec = $$"""
            {"id":"{{id}}","kind":"search","created_at":"2026-11-25T00:00:00Z","buffer_size":8,"max_workers":5,"is_base64":false,
            "inputs":1,"collapse":"none"}
            """;
        await _host.PutAsync(new JobFiles(id).Spec, Encoding.UTF8.GetBytes(spec));
        return id;
    }
}
