using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Azurite;

namespace DicomFunctions.Integration.Azurite;

/// <summary>Notifications that the function app pulls, and those that are pushed to it.</summary>
[Collection(AzuriteBlobs.Collection)]
[Trait("Peer", "Azurite")]
public sealed class NotificationTests(AzuriteBlobs azurite)
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/images";

    [AzuriteFact]
    public async Task A_file_uploaded_comes_back_as_a_message_and_is_searched_poison_is_a_failed_record()
    {
        await using var host = await StartAsync("None");
        await StoreAsync(host, Enumerable.Range(0, 30).Select(i => ("2.25.1.1", $"2.25.1.1.{i}")));
        await PublishAsync(host, "no path at all", $"{Store}/dicomWeb/studies/1.2");

        await host.RunAsync("PullNotifications");

        var records = await NotifiedAsync(host);
        Assert.Equal(32, records.Count);
        Assert.Equal(32, records.Select(record => record.GetProperty("message_id").GetString()).Distinct().Count());
        Assert.All(records, record => Assert.True(record.GetProperty("publish_time").GetDateTimeOffset() > DateTimeOffset.UnixEpoch));
        Assert.Equal(2, records.Count(record => !record.GetProperty("success").GetBoolean()));
        Assert.Equal(
            Enumerable.Range(0, 30).Select(i => $"2.25.1.1.{i}").Order(StringComparer.Ordinal),
            records.Where(record => record.GetProperty("success").GetBoolean())
                .Select(
                    record => Assert.Single(record.GetProperty("result").EnumerateArray())
                        .GetProperty("00080018")
                        .GetProperty("Value")[0]
                        .GetString())
                .Order(StringComparer.Ordinal));

        // All were acknowledged, the poison too.
        await host.RunAsync("PullNotifications");
        Assert.Equal(32, (await NotifiedAsync(host)).Count);
    }

    [AzuriteFact]
    public async Task Messages_of_one_series_are_one_search_where_that_is_wished_and_each_has_its_record()
    {
        await using var host = await StartAsync("Series", ("DicomWeb:ShortPageIsLast", "true"));
        await StoreAsync(host, Enumerable.Range(0, 40).Select(i => ($"2.25.1.{i % 4}", $"2.25.1.{i % 4}.{i}")));
        var before = host.Emulator.Statistics.DicomWeb.Count;

        await host.RunAsync("PullNotifications");

        var records = await NotifiedAsync(host);
        Assert.Equal(40, records.Count);
        Assert.All(records, record => Assert.Equal(1, record.GetProperty("result").GetArrayLength()));
        Assert.Equal(40, records.Select(record => record.GetProperty("message_id").GetString()).Distinct().Count());
        // Series of ten in batches of eight: each is in two of them.
        Assert.Equal(8, host.Emulator.Statistics.DicomWeb.Count - before);
    }

    [AzuriteFact]
    public async Task A_message_pushed_is_searched_poison_is_a_failed_record_and_a_strangers_is_refused()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var host = await StartAsync(
            "None", ("Push:Audience", "push"), ("Push:ServiceAccount", "push@p.iam.gserviceaccount.com"),
            ("Push:CertificatesUrl", issuer.CertificatesUrl));
        await PushAsync(host, 401, token: null, "unsigned", $"{Store}/dicomWeb/studies/1/series/2/instances/3");
        await PushAsync(host, 403, issuer.Token(email: "other@p.iam.gserviceaccount.com"), "other", "x");
        Assert.Empty(await host.JobsAsync());

        await PushAsync(host, 204, issuer.Token(), "m1", $"{Store}/dicomWeb/studies/1/series/2/instances/3");
        await PushAsync(host, 204, issuer.Token(), "m2", "poison");

        var records = await NotifiedAsync(host);
        Assert.Equal(
            [("m1", true), ("m2", false)],
            records.Select(record => (record.GetProperty("message_id").GetString()!, record.GetProperty("success").GetBoolean())));
        Assert.All(records, record => Assert.Equal("2026-11-22T10:00:00Z", record.GetProperty("publish_time").GetString()));
    }

    private Task<FunctionHost> StartAsync(string collapse, params (string Key, string Value)[] settings) => FunctionHost.StartAsync(
        azurite,
        [
            ("Notifications:Subscription", "projects/p/subscriptions/images"), ("Notifications:PullTimeout", "00:00:05"),
            ("Notifications:Collapse", collapse), .. settings,
        ]);

    /// <summary>Stores instances, each of which is notified.</summary>
    private static async Task StoreAsync(FunctionHost host, IEnumerable<(string Series, string Instance)> instances)
    {
        using var store = new HttpClient { BaseAddress = host.Emulator.BaseAddress };
        foreach (var (series, instance) in instances)
        {
            using var file = new ByteArrayContent(Some.DicomFile("2.25.1", series, instance));
            file.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            using var answer = await store.PostAsync($"v1/{Store}/dicomWeb/studies", file);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static async Task PublishAsync(FunctionHost host, params string[] texts)
    {
        using var pubSub = new HttpClient { BaseAddress = host.Emulator.BaseAddress };
        var messages = texts.Select(text => new { data = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) });
        using var answer = await pubSub.PostAsJsonAsync("v1/projects/p/topics/images:publish", new { messages });
        answer.EnsureSuccessStatusCode();
    }

    private static async Task PushAsync(FunctionHost host, int status, string? token, string id, string text)
    {
        var message =
            new { data = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), messageId = id, publishTime = "2026-11-22T10:00:00Z" };
        host.Http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        await host.SendAsync(
            HttpMethod.Post, "pubsub/push", JsonContent.Create(new { message, subscription = "projects/p/subscriptions/images" }), status);
    }

    /// <summary>The records of all jobs, oldest first, once they have ended.</summary>
    private static async Task<List<JsonElement>> NotifiedAsync(FunctionHost host)
    {
        List<JsonElement> records = [];
        foreach (var job in (await host.JobsAsync()).AsEnumerable().OrderBy(job => job.GetProperty("created_at").GetDateTimeOffset()))
        {
            var id = job.GetProperty("id").GetString()!;
            Assert.Equal("completed", await host.EndAsync(id));
            records.AddRange(await host.RecordsAsync(id));
        }

        return records;
    }
}
