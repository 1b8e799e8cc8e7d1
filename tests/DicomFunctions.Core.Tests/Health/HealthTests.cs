using System.Text.Json.Nodes;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.Health;

/// <summary>What a host says of its health: what it can know, and what to do.</summary>
public sealed class HealthTests
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    [Fact]
    public async Task All_well_names_what_was_checked_and_leaves_nothing()
    {
        await using var host = await CoreHost.StartAsync(settings: ("Drop:Destination", Store));
        await using var api = await ApiServer.StartAsync(host);

        Assert.Equal(["object_store", "engine"], await OkAsync(api, "health"));
        Assert.Empty(host.Server.Requests);
        Assert.Equal(["object_store", "engine", "dicom_stores", "subscription"], await OkAsync(api, "health/deep"));
        Assert.Empty(await host.ListAsync(""));
    }

    [Fact]
    public async Task An_object_store_that_cannot_be_written_to_is_told_of_though_it_can_be_read()
    {
        await using var host = await CoreHost.StartAsync();
        await using var api = await ApiServer.StartAsync(host);
        host.Objects.Fault = (operation, _) => operation.StartsWith("Put", StringComparison.Ordinal)
            ? new ObjectStoreException("No space left on the device.")
            : null;

        var problem = await ProblemAsync(api, "health");

        Assert.Equal("No space left on the device.", (string?)problem["checks"]!["object_store"]);
        Assert.Equal("ok", (string?)problem["checks"]!["engine"]);
        Assert.Contains("object_store: No space left", (string?)problem["detail"], StringComparison.Ordinal);
        host.Objects.IsDown = false;
        await OkAsync(api, "health");
    }

    [Fact]
    public async Task An_engine_that_does_not_run_is_told_of()
    {
        await using var host = await CoreHost.StartAsync();
        await using var api = await ApiServer.StartAsync(host);
        host.Engine.OnGet = () => throw new InvalidOperationException("secret");

        var problem = await ProblemAsync(api, "health");

        Assert.Contains("restart the host", (string?)problem["checks"]!["engine"], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
        host.Engine.OnGet = null;
    }

    [Fact]
    public async Task A_check_that_does_not_end_is_given_up()
    {
        var time = new TestClock();
        await using var host = await CoreHost.StartAsync(time);
        await using var api = await ApiServer.StartAsync(host);
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Engine.OnGet = () =>
        {
            asked.TrySetResult();
            return go.Task;
        };
        var answer = ProblemAsync(api, "health");
        await asked.Task.InTime();

        time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal("No answer within 10 s.", (string?)(await answer.InTime())["checks"]!["engine"]);
        go.SetResult();
        host.Engine.OnGet = null;
    }

    [Theory]
    [InlineData(401, "Check this host's credentials")]
    [InlineData(403, "roles/healthcare")]
    [InlineData(404, "No such store")]
    public async Task A_store_that_cannot_be_searched_is_told_of_deep_and_asked_again_after_30_seconds(int status, string whatToDo)
    {
        var time = new TestClock();
        await using var host = await CoreHost.StartAsync(time, null, ("Drop:Destination", Store), ("DicomWeb:MaxAttempts", "1"));
        await using var api = await ApiServer.StartAsync(host);
        host.Server.Before = async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("secret");
            return true;
        };

        Assert.Equal(["object_store", "engine"], await OkAsync(api, "health"));
        for (var i = 0; i < 3; i++)
        {
            var problem = await ProblemAsync(api, "health/deep");
            var told = (string?)problem["checks"]!["dicom_stores"];
            Assert.Contains($"{Store}: {status}. ", told, StringComparison.Ordinal);
            Assert.Contains(whatToDo, told, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
        }

        Assert.Single(host.Server.Requests);
        host.Server.Before = _ => Task.FromResult(false);
        time.Advance(TimeSpan.FromSeconds(31));
        await OkAsync(api, "health/deep");
        Assert.Equal(2, host.Server.Requests.Count);
    }

    [Fact]
    public async Task Deep_sends_on_to_where_the_key_is_asked_for()
    {
        await using var host = await CoreHost.StartAsync();
        await using var api = await ApiServer.StartAsync(host);

        using var answer = await api.Http.GetAsync("/api/health?deep&code=a%26b");

        Assert.Equal((307, "/api/health/deep?code=a%26b"), ((int)answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("""{"permissions":["pubsub.subscriptions.consume"]}""", 200, 404, null)]
    [InlineData("{}", 200, 200, "not permitted")]
    [InlineData("secret", 200, 200, "Check the base URL")]
    [InlineData("secret", 403, 403, "roles/pubsub.subscriber")]
    [InlineData("", 404, 200, null)]
    [InlineData("", 501, 404, "no such subscription")]
    [InlineData("", 503, 503, "Pub/Sub answered 503")]
    public async Task A_subscription_that_cannot_be_pulled_is_told_of_and_no_message_is_taken(
        string answer, int asked, int found, string? problem)
    {
        await using var pubSub = await PermissionServer.StartAsync(answer, asked, found);
        await using var host = await CoreHost.StartAsync(
            settings: [("Notifications:Subscription", "projects/p/subscriptions/sub"), ("Notifications:BaseUrl", pubSub.Url)]);
        await using var api = await ApiServer.StartAsync(host);

        if (problem is null)
        {
            await OkAsync(api, "health/deep");
        }
        else
        {
            var told = (await ProblemAsync(api, "health/deep"))["checks"]!["subscription"]!.ToString();
            Assert.StartsWith("projects/p/subscriptions/sub: ", told, StringComparison.Ordinal);
            Assert.Contains(problem, told, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(pubSub.Asked, path => path.EndsWith(":pull", StringComparison.Ordinal));
    }

    private static async Task<List<string>> OkAsync(ApiServer api, string path)
    {
        var (status, body) = await api.SendAsync(HttpMethod.Get, "/api/" + path);
        Assert.True(status == 200, body);
        return [.. JsonNode.Parse(body)!["checks"]!.AsObject().Select(check => check.Key)];
    }

    private static async Task<JsonNode> ProblemAsync(ApiServer api, string path)
    {
        var (status, body) = await api.SendAsync(HttpMethod.Get, "/api/" + path);
        Assert.True(status == 503, body);
        return JsonNode.Parse(body)!;
    }
}
