using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DicomFunctions.Core.Tests.PubSub;

public sealed class NotificationPumpTests : IAsyncLifetime
{
    private FakePubSub _pubSub = null!;

    public async Task InitializeAsync() => _pubSub = await FakePubSub.StartAsync();

    public async Task DisposeAsync() => await _pubSub.DisposeAsync();

    [Fact]
    public async Task Run_every_pull_becomes_a_job_and_is_acknowledged_once_it_is_accepted()
    {
        await using var host = await StartAsync();
        host.Server.Rows = FakeDicomStore.Instances(3);
        _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path("1.2.0"), Path("1.2.1")));
        _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path("1.2.2")));
        _pubSub.Before = async (_, method) =>
        {
            if (method == "acknowledge")
                Assert.Contains(await JobsAsync(host), job => job.Kind == JobKind.Notifications);
            return false;
        };
        Assert.Equal(3, await Pump(host).RunAsync(CancellationToken.None));
        Assert.Equal([$"ack-{Path("1.2.0")}", $"ack-{Path("1.2.1")}", $"ack-{Path("1.2.2")}"], _pubSub.Acknowledged);
        Assert.Equal(["pull", "acknowledge", "pull", "acknowledge", "pull"], _pubSub.Requests.Select(request => request.Method));
        Assert.Equal(1000, (int)_pubSub.Requests.First().Body["maxMessages"]!);
        var jobs = await JobsAsync(host);
        Assert.Equal(2, jobs.Count);
        foreach (var job in jobs)
        {
            await host.Jobs.WaitAsync(job.Id, CancellationToken.None).InTime();
            Assert.All(await host.RecordsAsync(job.Id), record =>
            {
                Assert.True((bool)record["success"]!);
                Assert.Equal("2026-01-02T03:04:05Z", (string?)record["publish_time"]);
                Assert.NotNull(record["message_id"]);
            });
        }
    }

    [Fact]
    public async Task Run_jobs_of_messages_have_settings_of_their_own()
    {
        await using var host = await StartAsync(
            settings: [("Notifications:MaxWorkers", "40"), ("Notifications:BufferSize", "3"), ("Notifications:Then", "metadata")]);
        _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path("1.2.0")));
        await Pump(host).RunAsync(CancellationToken.None);
        var job = Assert.Single(await JobsAsync(host));
        Assert.Equal((40, 3), (job.MaxWorkers, job.BufferSize));
        await host.Jobs.WaitAsync(job.Id, CancellationToken.None).InTime();
        Assert.Equal("metadata", (string?)Assert.Single(await host.RecordsAsync(job.Id))["input"]!["retrieve_type"]);
    }

    [Fact]
    public async Task Run_asked_for_no_more_messages_than_a_job_may_have()
    {
        await using var host = await StartAsync(settings: ("Jobs:MaxInputs", "7"));
        Assert.Equal(0, await Pump(host).RunAsync(CancellationToken.None));
        Assert.Equal(7, (int)_pubSub.Requests.Single().Body["maxMessages"]!);
    }

    [Fact]
    public async Task Run_a_pull_that_begins_with_a_byte_order_mark_is_read()
    {
        await using var host = await StartAsync();
        host.Server.Rows = FakeDicomStore.Instances(3);
        _pubSub.Pulls.Enqueue("\uFEFF" + FakePubSub.Messages(Path("1.2.0")));
        Assert.Equal(1, await Pump(host).RunAsync(CancellationToken.None));
        Assert.Equal([$"ack-{Path("1.2.0")}"], _pubSub.Acknowledged);
    }

    [Theory]
    [InlineData("/input.idx")]
    [InlineData("/input.ndjson")]
    [InlineData("/job.json")]
    public async Task Run_acknowledges_and_leaves_nothing_when_the_object_store_fails(string file)
    {
        await using var host = await StartAsync();
        _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path("1.2.0")));
        host.Objects.Fault = (member, name) =>
            member == "PutAsync" && name.EndsWith(file, StringComparison.Ordinal) ? new ObjectStoreException("full") : null;
        await Assert.ThrowsAsync<ObjectStoreException>(() => Pump(host).RunAsync(CancellationToken.None));
        Assert.Empty(_pubSub.Acknowledged);
        host.Objects.IsDown = false;
        Assert.Empty(await host.ListAsync("jobs/"));
    }

    [Fact]
    public async Task Run_acknowledges_and_leaves_nothing_while_the_engine_refuses_pull_after_pull()
    {
        await using var host = await StartAsync();
        for (var pull = 0; pull < 3; pull++)
        {
            var isReached = pull > 0;
            host.Engine.OnGet = () => isReached ? Task.CompletedTask : throw new ObjectStoreException("no engine");
            host.Engine.OnStart = () => throw new InvalidOperationException("no engine");
            _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path("1.2.0")));
            await Assert.ThrowsAsync<ObjectStoreException>(() => Pump(host).RunAsync(CancellationToken.None));
            Assert.Empty(await host.ListAsync("jobs/"));
        }

        Assert.Empty(_pubSub.Acknowledged);
        host.Engine.OnStart = null;
        _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path("1.2.0")));
        Assert.Equal(1, await Pump(host).RunAsync(CancellationToken.None));
        var job = Assert.Single(await JobsAsync(host));
        Assert.Equal(JobStatus.Completed, (await host.Jobs.WaitAsync(job.Id, CancellationToken.None).InTime())!.State);
    }

    [Fact]
    public async Task Run_poison_messages_are_failed_records_and_acknowledged()
    {
        await using var host = await StartAsync();
        host.Server.Rows = FakeDicomStore.Instances(1);
        _pubSub.Pulls.Enqueue(
            """
            {"receivedMessages":[
              {"ackId":"1","message":{"data":"////","messageId":"1","publishTime":"t"}},
              {"ackId":"2","message":{"data":"not base64!","messageId":"2"}},
              {"ackId":"3","message":{"attributes":{"a":null}}},
              {"ackId":"4","message":{"data":"DATA","messageId":"4","attributes":{"x":"y"},"orderingKey":"z"},"deliveryAttempt":9},
              {"ackId":"5"},
              {"ackId":"6","message":null},
              {"ackId":"7","message":{"data":5,"attributes":{"a":1,"b":{"c":[]},"\ud800":"d"},"messageId":7,"publishTime":{}}},
              {"ackId":"8","message":{"data":"\ud800","attributes":[1],"messageId":"\ud800","\ud800":1}},
              {"ackId":"9","message":"text"},
              {"ackId":"10","message":{"data":"LARGE","messageId":"10"}},
              {"ackId":5,"message":{"data":"DATA"}},
              "text", null, 5
            ]}
            """.Replace("DATA", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Path("1.2.0"))), StringComparison.Ordinal)
            .Replace("LARGE", Convert.ToBase64String(new byte[10_000_000]), StringComparison.Ordinal));
        Assert.Equal(10, await Pump(host).RunAsync(CancellationToken.None));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"{i}"), _pubSub.Acknowledged);
        var job = Assert.Single(await JobsAsync(host));
        await host.Jobs.WaitAsync(job.Id, CancellationToken.None).InTime();
        Assert.Equal(
            Enumerable.Range(1, 10).Select(i => i == 4),
            (await host.RecordsAsync(job.Id)).Select(record => (bool)record["success"]!));
    }

    /// <summary>Both would carry what is meant for Pub/Sub to somebody else.</summary>
    [Fact]
    public async Task Run_a_redirect_is_not_followed_and_a_cookie_not_kept()
    {
        await using var host = await StartAsync();
        await using var elsewhere = await FakePubSub.StartAsync();
        List<string> cookies = [];
        _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path("1.2.0")));
        _pubSub.Before = (context, method) =>
        {
            cookies.Add(context.Request.Headers.Cookie.ToString());
            context.Response.Headers.SetCookie = "session=1";
            if (method != "pull")
                return Task.FromResult(false);
            if (cookies.Count == 1)
                return Task.FromResult(false);
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = $"{elsewhere.BaseUrl}v1/projects/p/subscriptions/sub:pull";
            return Task.FromResult(true);
        };
        var thrown = await Assert.ThrowsAsync<NotificationException>(() => Pump(host).RunAsync(CancellationToken.None));
        Assert.Contains("307", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(["", "", ""], cookies);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Run_many_long_ack_ids_are_acknowledged_in_requests_under_the_limit()
    {
        await using var host = await StartAsync();
        var messages = Enumerable.Range(0, 900)
            .Select(i => $"{{\"ackId\":\"{i:D4}{new string('a', 1000)}\",\"message\":{{\"messageId\":\"{i}\"}}}}");
        _pubSub.Pulls.Enqueue($"{{\"receivedMessages\":[{string.Join(',', messages)}]}}");
        Assert.Equal(900, await Pump(host).RunAsync(CancellationToken.None));
        Assert.Equal(Enumerable.Range(0, 900).Select(i => $"{i:D4}"), _pubSub.Acknowledged.Select(id => id[..4]));
        var requests = _pubSub.Requests.Where(request => request.Method == "acknowledge").ToList();
        Assert.InRange(requests.Count, 2, 4);
        Assert.All(requests, request => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(request.Body.ToJsonString()), 1, 512 * 1024));
    }

    /// <summary>A subscription's own deadline, which counts from the pull on, is ten seconds unless it was made with another.</summary>
    [Fact]
    public async Task Run_extends_the_deadline_in_time_when_acceptance_takes_long()
    {
        var clock = new TestClock();
        await using var host = await StartAsync(clock);
        _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path("1.2.0")));
        var isHeld = true;
        host.Engine.OnStart = () =>
        {
            for (var i = 1; i <= 2 && isHeld; i++)
            {
                clock.Advance(TimeSpan.FromSeconds(i == 1 ? 5 : 30));
                Eventually.HoldsAsync(
                    () => _pubSub.Extended.Count == i && clock.NextTimer == TimeSpan.FromSeconds(30),
                    "the deadline is extended").GetAwaiter().GetResult();
            }

            isHeld = false;
        };
        await Pump(host).RunAsync(CancellationToken.None);
        Assert.Equal(2, _pubSub.Extended.Count);
        Assert.All(
            _pubSub.Requests.Where(request => request.Method == "modifyAckDeadline"),
            request => Assert.Equal(60, (int)request.Body["ackDeadlineSeconds"]!));
        Assert.Single(_pubSub.Acknowledged);
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, _pubSub.Extended.Count);
    }

    [Fact]
    public async Task Run_an_empty_pull_that_hangs_ends_at_its_timeout()
    {
        await using var host = await StartAsync(settings: ("Notifications:PullTimeout", "00:00:00.200"));
        _pubSub.Before = async (context, _) =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };
        Assert.Equal(0, await Pump(host).RunAsync(CancellationToken.None).InTime());
    }

    [Fact]
    public async Task Run_cancelled_throws()
    {
        await using var host = await StartAsync();
        using var stop = new CancellationTokenSource();
        _pubSub.Before = async (context, _) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Pump(host).RunAsync(stop.Token).InTime());
    }

    [Fact]
    public async Task Run_a_refused_token_is_refreshed_once()
    {
        await using var host = await StartAsync(configure: services => services.AddSingleton<IAccessTokenSource>(new NumberedTokens()));
        _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path("1.2.0")));
        _pubSub.Before = (context, _) =>
        {
            context.Response.StatusCode = 401;
            return Task.FromResult(context.Request.Headers.Authorization == "Bearer t1");
        };
        Assert.Equal(1, await Pump(host).RunAsync(CancellationToken.None));
        Assert.Equal(["Bearer t1", "Bearer t2", "Bearer t2", "Bearer t2"], _pubSub.Requests.Select(request => request.Authorization));

        _pubSub.Before = (context, _) =>
        {
            context.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        var thrown = await Assert.ThrowsAsync<NotificationException>(() => Pump(host).RunAsync(CancellationToken.None));
        Assert.Equal("Pub/Sub answered 401 to pull: the credentials were refused.", thrown.Message);
    }

    [Theory]
    [InlineData(404, "", "Pub/Sub answered 404 to pull: there is no such subscription.")]
    [InlineData(403, "", "Pub/Sub answered 403 to pull: not permitted; roles/pubsub.subscriber is needed.")]
    [InlineData(429, "", "Pub/Sub answered 429 to pull: the quota is used up.")]
    [InlineData(500, "", "Pub/Sub answered 500 to pull: the request failed.")]
    [InlineData(200, "<html>Sign in</html>", "Pub/Sub answered to pull with something that is not its JSON. Check the base URL.")]
    [InlineData(200, "", "Pub/Sub answered to pull with something that is not its JSON. Check the base URL.")]
    [InlineData(200, "[]", "Pub/Sub answered to pull with something that is not its JSON. Check the base URL.")]
    [InlineData(200, "{\"receivedMessages\":5}", "Pub/Sub answered to pull with something that is not its JSON. Check the base URL.")]
    public async Task Run_an_answer_that_is_none_is_a_notification_exception(int status, string body, string message)
    {
        await using var host = await StartAsync();
        _pubSub.Before = async (context, _) =>
        {
            await FakeDicomStore.JsonAsync(context, body, status, "application/json");
            return true;
        };
        var thrown = await Assert.ThrowsAsync<NotificationException>(() => Pump(host).RunAsync(CancellationToken.None));
        Assert.Equal(message, thrown.Message);
    }

    [Fact]
    public async Task Run_without_Pub_Sub_or_a_token_is_a_notification_exception()
    {
        await using var host = await StartAsync(settings: ("Notifications:BaseUrl", "http://127.0.0.1:1"));
        var thrown = await Assert.ThrowsAsync<NotificationException>(() => Pump(host).RunAsync(CancellationToken.None));
        Assert.Equal("Pub/Sub could not be reached for pull.", thrown.Message);
        await using var other = await StartAsync(configure: services => services.AddSingleton<IAccessTokenSource, NoToken>());
        await Assert.ThrowsAsync<NotificationException>(() => Pump(other).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Run_pulls_no_more_once_the_round_is_over()
    {
        var clock = new TestClock();
        await using var host = await StartAsync(clock);
        _pubSub.Before = (_, method) =>
        {
            if (method == "acknowledge")
                clock.Advance(TimeSpan.FromSeconds(20));
            return Task.FromResult(false);
        };
        for (var i = 0; i < 10; i++)
            _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path($"1.2.{i}")));
        Assert.Equal(3, await Pump(host).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Run_a_subscription_that_cannot_be_read_is_logged_once_an_hour_and_when_it_can_be_read_again()
    {
        using var log = new LogLines();
        var clock = new TestClock();
        await using var host = await StartAsync(clock, services => services.AddSingleton<ILoggerProvider>(log));
        var status = 403;
        _pubSub.Before = (context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(status != 200);
        };
        for (var round = 0; round < 4; round++)
        {
            await Assert.ThrowsAsync<NotificationException>(() => Pump(host).RunAsync(CancellationToken.None));
            clock.Advance(TimeSpan.FromMinutes(25));
        }

        Assert.Equal([1201, 1201], Logged());
        status = 404;
        await Assert.ThrowsAsync<NotificationException>(() => Pump(host).RunAsync(CancellationToken.None));
        Assert.Equal([1201, 1201, 1201], Logged());
        Assert.Contains("there is no such subscription", log.Events.Last(line => line.Id == 1201).Text, StringComparison.Ordinal);
        status = 200;
        _pubSub.Pulls.Enqueue(FakePubSub.Messages(Path("1.2.0")));
        await Pump(host).RunAsync(CancellationToken.None);
        Assert.Equal([1201, 1201, 1201, 1203, 1202], Logged());
        Assert.DoesNotContain(log.Lines, line => line.Contains("1.2.0", StringComparison.Ordinal));

        IEnumerable<int> Logged() => log.Events.Select(line => line.Id).Where(id => id is 1201 or 1202 or 1203);
    }

    private static string Path(string uid) => $"{CoreHost.Store}/dicomWeb/studies/1.1/series/1.1.1/instances/{uid}";

    private static INotificationPump Pump(CoreHost host) => host.Services.GetRequiredService<INotificationPump>();

    private static async Task<List<JobView>> JobsAsync(CoreHost host)
    {
        List<JobView> jobs = [];
        await foreach (var job in host.Jobs.ListAsync(null, CancellationToken.None))
            jobs.Add(job);
        return jobs;
    }

    private Task<CoreHost> StartAsync(
        TimeProvider? time = null, Action<IServiceCollection>? configure = null, params (string, string)[] settings) =>
        CoreHost.StartAsync(
            time,
            configure,
            [("Notifications:Subscription", "projects/p/subscriptions/sub"), ("Notifications:BaseUrl", _pubSub.BaseUrl), .. settings]);

    private sealed class NoToken : IAccessTokenSource
    {
        public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) => throw new AccessTokenException("none");

        public void Invalidate(string token)
        {
        }
    }
}
