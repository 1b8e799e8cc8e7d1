using System.Diagnostics;
using System.Net;
using System.Text;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Answers;
using Xunit;

namespace DicomFunctions.EndToEnd;

/// <summary>The HTTP surface behind the Functions host, which has a say in it.</summary>
[Collection(FunctionApp.Collection)]
public sealed class HttpTests(FunctionApp app)
{
    private const string Store = "projects/local/locations/here/datasets/trial/dicomStores/waited";
    private const string Search =
        """{"project_id":"local","region":"here","dataset_id":"trial","dicom_store_id":"waited","search_type":"studies"}""";

    private readonly FunctionAppClient _client = new(app);

    /// <summary>The local host's tests ask it the same.</summary>
    [EndToEndFact]
    public async Task Requests_are_answered_as_the_table_says()
    {
        foreach (var answer in HostAnswers.All)
            await answer.CheckAsync(app.Http.BaseAddress!, app.Key, isFunctionApp: true);
    }

    /// <summary>The host's own limit is 100 MB, and its answer to a larger body an empty 500.</summary>
    [EndToEndTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_hosts_own_limit_is_read_to_its_end(bool isChunked)
    {
        const int Lines = 210;
        var line = $$"""{"a":"{{new string('x', 500_000)}}"}""" + "\n";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/search", UriKind.Relative))
        {
            Content = new StringContent(string.Concat(Enumerable.Repeat(line, Lines)) + "{", Encoding.UTF8, "application/x-ndjson"),
        };
        request.Headers.TransferEncodingChunked = isChunked;
        using var answer = await app.Http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{(int)answer.StatusCode} {body}");
        Assert.Contains($"Line {Lines + 1}", body, StringComparison.Ordinal);
    }

    [EndToEndFact]
    public async Task Requests_that_wait_hold_up_no_others()
    {
        app.Emulator.Faults.Set(Store, new FaultOptions { Latency = TimeSpan.FromSeconds(2) });
        var waiters = Enumerable.Range(0, 60)
            .Select(_ => app.Http.PostAsync(new Uri("api/search?wait=60", UriKind.Relative), new StringContent(Search))).ToList();
        await Eventually.HoldsAsync(
            () => Task.FromResult(app.Emulator.Statistics.ForStore(Store).DicomWeb.Count > 0), "a job is under way",
            TimeSpan.FromMinutes(1));
        for (var i = 0; i < 5; i++)
        {
            var watch = Stopwatch.StartNew();
            await _client.GetAsync("health");
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        }

        Assert.Contains(waiters, waiter => !waiter.IsCompleted);
        app.Emulator.Faults.Set(Store, new FaultOptions());
        Assert.All(await Task.WhenAll(waiters), answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted));
    }

    [EndToEndFact]
    public async Task Many_quick_requests_at_once_are_all_answered()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 400)
            .Select(_ => app.Http.GetAsync(new Uri("api/jobs/20260101-000000-abcdef", UriKind.Relative))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
    }
}
