using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

public sealed partial class SettingsTests
{
    private const string MaxActivities = "AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions";

    private static readonly JsonElement DurableTask = Repository.Json("host.json").GetProperty("extensions").GetProperty("durableTask");
    private static readonly JsonElement Sample = Repository.Json("local.settings.sample.json").GetProperty("Values");

    [Fact]
    public void Host_json_allows_ten_activities_at_once_in_the_projects_hub()
    {
        Assert.Equal("DicomFunctions", DurableTask.GetProperty("hubName").GetString());
        Assert.Equal(10, DurableTask.GetProperty("maxConcurrentActivityFunctions").GetInt32());
        // With a prefix, the host would answer paths outside it; the functions' own routes begin with api/.
        Assert.Equal("", Repository.Json("host.json").GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
    }

    [Fact]
    public void Host_json_turns_on_the_telemetry_of_orchestrations_without_their_inputs_and_outputs()
    {
        var tracing = DurableTask.GetProperty("tracing");

        Assert.Equal("OpenTelemetry", Repository.Json("host.json").GetProperty("telemetryMode").GetString());
        Assert.True(tracing.GetProperty("distributedTracingEnabled").GetBoolean());
        Assert.Equal("V2", tracing.GetProperty("version").GetString());
        Assert.False(tracing.GetProperty("traceInputsAndOutputs").GetBoolean());
        // In this mode the host ignores it.
        Assert.False(Repository.Json("host.json").GetProperty("logging").TryGetProperty("applicationInsights", out _));
    }

    [Fact]
    public void Host_json_suppresses_the_hosts_messages_about_calls_but_not_the_apps()
    {
        var levels = Repository.Json("host.json").GetProperty("logging").GetProperty("logLevel");

        Assert.Equal("Warning", levels.GetProperty("Function").GetString());
        Assert.Equal("Information", levels.GetProperty("Function.*.User").GetString());
    }

    [Fact]
    public void An_instance_runs_twice_max_workers_activities_in_the_sample_and_in_host_json()
    {
        Assert.Equal("5", Sample.GetProperty("DicomFunctions__Jobs__MaxWorkers").GetString());
        Assert.Equal("10", Sample.GetProperty(MaxActivities).GetString());
        Assert.Equal(DurableTask.GetProperty("maxConcurrentActivityFunctions").GetRawText(), Sample.GetProperty(MaxActivities).GetString());
        Assert.Contains("param maxWorkers int = 5", Repository.Text("infra/azure/main.bicep"), StringComparison.Ordinal);
    }

    /// <summary>
    /// The host answers a body over its own limit with an empty 500, so it must leave limits to the API, whatever their values.
    /// </summary>
    [Theory]
    [InlineData("infra/azure/modules/functions.bicep")]
    [InlineData("local.settings.sample.json")]
    [InlineData("eng/run-functions")]
    public void Wherever_the_app_is_configured_the_host_has_no_limit_of_its_own_for_bodies(string path)
    {
        var limit = Assert.Single(BodyLimit().Matches(Repository.Text(path))).Groups["bytes"].Value;

        Assert.Equal(long.MaxValue, long.Parse(limit, CultureInfo.InvariantCulture));
    }

    /// <summary>Durable Functions does not start with a visibility timeout of less than a minute, or more than an hour.</summary>
    [Theory]
    [InlineData("host.json")]
    [InlineData("local.settings.sample.json")]
    [InlineData("eng/run-functions")]
    [InlineData("infra/azure/modules/functions.bicep")]
    [InlineData("tests/DicomFunctions.EndToEnd/FunctionAppSettings.cs")]
    public void Visibility_timeouts_are_within_what_Durable_Functions_accepts(string path) =>
        Assert.All(Visibility().Matches(Repository.Text(path)), match => Assert.InRange(
            TimeSpan.Parse(match.Groups["time"].Value, CultureInfo.InvariantCulture), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(60)));

    [Fact]
    public void Every_setting_of_the_sample_and_of_the_templates_is_documented()
    {
        var documented = Repository.Text("docs/settings.md");
        var templates = TemplateSetting()
            .Matches(Repository.Text("infra/azure/modules/functions.bicep"))
            .Select(match => match.Groups["name"].Value);
        var sample = Sample.EnumerateObject().Select(setting => setting.Name);

        Assert.All(
            sample.Concat(templates).Except(["FUNCTIONS_WORKER_RUNTIME"]),
            name => Assert.Contains(Family(name), documented, StringComparison.Ordinal));
    }

    [Fact]
    public void The_sample_contains_only_text_and_no_secret() =>
        Assert.All(Sample.EnumerateObject(), setting =>
        {
            Assert.Equal(JsonValueKind.String, setting.Value.ValueKind);
            Assert.DoesNotMatch("(?i)accountkey=|sig=|private key|-----begin|password|secret", setting.Value.GetString()!);
        });

    /// <summary>The documentation names a list by its first element, and the parts of a connection in one row.</summary>
    private static string Family(string name) =>
        name.EndsWith("__0", StringComparison.Ordinal) ? name + "…"
            : name.StartsWith("AzureWebJobsStorage__", StringComparison.Ordinal) ? name["AzureWebJobsStorage".Length..]
            : name;

    [GeneratedRegex(@"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT\W+(?<bytes>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex BodyLimit();

    [GeneratedRegex(@"QueueVisibilityTimeout\W+(?<time>[\d:]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Visibility();

    [GeneratedRegex(@"^  (?<name>(?:[A-Z]\w+__\w+|[A-Z][A-Z_]+|\w+Schedule)): ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TemplateSetting();
}
