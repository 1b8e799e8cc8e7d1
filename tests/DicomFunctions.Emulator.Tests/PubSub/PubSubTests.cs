using System.Text;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.PubSub;

#pragma warning disable CA1001 // DisposeAsync disposes of its fields, as xunit expects.
public sealed class PubSubTests : EmulatorTest
{
    private const string Topic = "projects/p/topics/t1";
    private const string Subscription = "projects/p/subscriptions/s1";
    private PubSubClient _pubSub = null!;

    protected override EmulatorOptions Options => base.Options with { PullWait = TimeSpan.FromMilliseconds(200) };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _pubSub = new PubSubClient(Emulator.BaseAddress);
    }

    public override async Task DisposeAsync()
    {
        _pubSub.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Publish_pull_acknowledge_round_trip()
    {
        await CreateAsync();
        using var published = await _pubSub.PostAsync(
            Topic + ":publish", """{"messages":[{"data":"aGVsbG8=","attributes":{"a":"b"}},{"attributes":{"only":"these"}}]}""");
        var ids = (await published.JsonAsync())["messageIds"]!.AsArray();

        var messages = await _pubSub.PullAsync(Subscription);

        Assert.Equal(2, messages.Count);
        Assert.Equal("aGVsbG8=", (string?)messages[0]!["message"]!["data"]);
        Assert.Equal("b", (string?)messages[0]!["message"]!["attributes"]!["a"]);
        Assert.Equal((string?)ids[0], (string?)messages[0]!["message"]!["messageId"]);
        Assert.Equal(1, (int)messages[0]!["deliveryAttempt"]!);
        Assert.True(DateTimeOffset.TryParse((string?)messages[0]!["message"]!["publishTime"], out _));
        Assert.Null(messages[1]!["message"]!["data"]);
        await _pubSub.AcknowledgeAsync(Subscription, messages);
        await _pubSub.AcknowledgeAsync(Subscription, messages);
        Assert.Empty(await _pubSub.PullAsync(Subscription));
    }

    [Fact]
    public async Task Pull_no_message_answers_an_empty_object_after_a_bounded_wait()
    {
        await CreateAsync();

        using var response = await _pubSub.PostAsync(Subscription + ":pull", """{"maxMessages":1}""");

        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Modify_ack_deadline_zero_redelivers_at_once()
    {
        await CreateAsync();
        using var published = await _pubSub.PostAsync(Topic + ":publish", """{"messages":[{"data":"aGVsbG8="}]}""");
        var first = await _pubSub.PullAsync(Subscription);

        using var nack = await _pubSub.PostAsync(
            Subscription + ":modifyAckDeadline", $$"""{"ackIds":["{{first[0]!["ackId"]}}"],"ackDeadlineSeconds":0}""");
        var second = await _pubSub.PullAsync(Subscription);

        Assert.Equal(200, (int)nack.StatusCode);
        Assert.Equal(2, (int)second[0]!["deliveryAttempt"]!);
        Assert.Equal((string?)first[0]!["message"]!["messageId"], (string?)second[0]!["message"]!["messageId"]);
    }

    [Fact]
    public async Task Subscriptions_of_one_topic_each_get_every_message_published_after_their_creation()
    {
        await CreateAsync();
        using var one = await _pubSub.PostAsync(Topic + ":publish", """{"messages":[{"data":"MQ=="}]}""");
        using var created = await _pubSub.PutAsync(Subscription + "b", $$"""{"topic":"{{Topic}}"}""");
        using var two = await _pubSub.PostAsync(Topic + ":publish", """{"messages":[{"data":"Mg=="}]}""");

        Assert.Equal(2, (await _pubSub.PullAsync(Subscription)).Count);
        Assert.Single(await _pubSub.PullAsync(Subscription + "b"));
    }

    [Theory]
    [InlineData("pull", "{}")]
    [InlineData("pull", """{"maxMessages":0}""")]
    [InlineData("pull", """{"maxMessages":1001}""")]
    [InlineData("pull", """{"maxMessages":"many"}""")]
    [InlineData("pull", "[]")]
    [InlineData("pull", "no json")]
    [InlineData("acknowledge", "{}")]
    [InlineData("acknowledge", """{"ackIds":[]}""")]
    [InlineData("acknowledge", """{"ackIds":["no such"]}""")]
    [InlineData("acknowledge", """{"ackIds":[1]}""")]
    [InlineData("modifyAckDeadline", """{"ackIds":["1:1"],"ackDeadlineSeconds":601}""")]
    [InlineData("modifyAckDeadline", """{"ackIds":["1:1"],"ackDeadlineSeconds":-1}""")]
    [InlineData("modifyAckDeadline", """{"ackIds":["1:1"]}""")]
    public async Task Bad_arguments_are_bad_requests(string verb, string body)
    {
        await CreateAsync();

        using var response = await _pubSub.PostAsync($"{Subscription}:{verb}", body);

        await response.AssertErrorAsync(400, "INVALID_ARGUMENT");
    }

    [Theory]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":[{}]}""")]
    [InlineData("""{"messages":[{"data":"not base64!"}]}""")]
    [InlineData("""{"messages":[{"attributes":{"a":1}}]}""")]
    [InlineData("{}")]
    public async Task Publish_invalid_message_is_a_bad_request(string body)
    {
        await CreateAsync();

        using var response = await _pubSub.PostAsync(Topic + ":publish", body);

        await response.AssertErrorAsync(400, "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task Acknowledge_request_above_the_limit_is_a_bad_request()
    {
        await CreateAsync();
        var ids = string.Join(',', Enumerable.Range(1, 60_000).Select(id => $"\"{id}:1\""));

        using var response = await _pubSub.PostAsync(Subscription + ":acknowledge", $$"""{"ackIds":[{{ids}}]}""");

        await response.AssertErrorAsync(400, "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task Missing_topic_or_subscription_is_not_found()
    {
        using var pull = await _pubSub.PostAsync(Subscription + ":pull", """{"maxMessages":1}""");
        using var publish = await _pubSub.PostAsync(Topic + ":publish", """{"messages":[{"data":"MQ=="}]}""");
        using var subscribe = await _pubSub.PutAsync(Subscription, $$"""{"topic":"{{Topic}}"}""");

        await pull.AssertErrorAsync(404, "NOT_FOUND");
        await publish.AssertErrorAsync(404, "NOT_FOUND");
        await subscribe.AssertErrorAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Create_twice_is_a_conflict_and_delete_removes_it()
    {
        await CreateAsync();
        using var topic = await _pubSub.PutAsync(Topic);
        using var subscription = await _pubSub.PutAsync(Subscription, $$"""{"topic":"{{Topic}}"}""");
        using var described = await _pubSub.SendAsync(HttpMethod.Get, Subscription);
        using var deleted = await _pubSub.SendAsync(HttpMethod.Delete, Subscription);
        using var gone = await _pubSub.SendAsync(HttpMethod.Get, Subscription);

        await topic.AssertErrorAsync(409, "ALREADY_EXISTS");
        await subscription.AssertErrorAsync(409, "ALREADY_EXISTS");
        Assert.Equal(Topic, (string?)(await described.JsonAsync())["topic"]);
        Assert.Equal(200, (int)deleted.StatusCode);
        await gone.AssertErrorAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Stored_instance_is_notified()
    {
        await Store.AddAsync(SomeDicom.Instance(), SomeDicom.Instance());

        var message = (await _pubSub.PullAsync("projects/p/subscriptions/s")).Single()!["message"]!;

        Assert.Equal(
            $"{StorePath}/dicomWeb/studies/1.2.3.1/series/1.2.3.1.1/instances/1.2.3.1.1.1",
            Encoding.UTF8.GetString(Convert.FromBase64String((string)message["data"]!)));
        var attributes = message["attributes"]!;
        Assert.Equal("StoreInstances", (string?)attributes["action"]);
        Assert.Equal(StorePath, (string?)attributes["storeName"]);
        Assert.Equal("1.2.3.1", (string?)attributes["studyInstanceUID"]);
        Assert.Equal("1.2.3.1.1", (string?)attributes["seriesInstanceUID"]);
        Assert.Equal("1.2.3.1.1.1", (string?)attributes["sopInstanceUID"]);
        Assert.Equal("CT", (string?)attributes["modality"]);
        Assert.Equal("STANDARD", (string?)attributes["storageClass"]);
        Assert.True(DateTimeOffset.TryParse((string?)attributes["lastUpdatedTime"], out _));
        Assert.NotEqual("", (string?)attributes["versionId"]);
        Assert.Equal(1, Emulator.Statistics.Notifications);
    }

    [Fact]
    public async Task Deleted_instances_are_notified_one_by_one()
    {
        await Store.AddAsync(SomeDicom.Instance(1), SomeDicom.Instance(2));
        await _pubSub.AcknowledgeAsync("projects/p/subscriptions/s", await _pubSub.PullAsync("projects/p/subscriptions/s"));

        using var deleted = await Store.DeleteAsync("studies/1.2.3.1");

        var messages = await _pubSub.PullAsync("projects/p/subscriptions/s");
        Assert.Equal(["DeleteInstances", "DeleteInstances"], messages.Select(one => (string?)one!["message"]!["attributes"]!["action"]));
    }

    private async Task CreateAsync()
    {
        using var topic = await _pubSub.PutAsync(Topic);
        using var subscription = await _pubSub.PutAsync(Subscription, $$"""{"topic":"{{Topic}}","ackDeadlineSeconds":60}""");
        Assert.Equal(200, (int)topic.StatusCode);
        Assert.Equal(200, (int)subscription.StatusCode);
    }
}
