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
    public void Host_NoSettings_TenActivitiesAtOnceInTheHubOfThatName()
    {
        Assert.Equal("DicomFunctions", DurableTask.GetProperty("hubName").GetString());
        Assert.Equal(10, DurableTask.GetProperty("maxConcurrentActivityFunctions").GetInt32());
        Assert.Equal("api", Repository.Json("host.json").GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
    }

    [Fact]
    public void Host_Tracing_LeavesInputsAndOutputsOut()
    {
        Assert.False(DurableTask.GetProperty("tracing").GetProperty("traceInputsAndOutputs").GetBoolean());
        Assert.False(Repository.Json("host.json").GetProperty("logging").GetProperty("applicationInsights").GetProperty("enableDependencyTracking").GetBoolean());
    }

    [Fact]
    public void Host_LogLevels_KeepTheHostsWordsAboutEachCallOutAndTheAppsIn()
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

    [Fact]
    public void Every_setting_of_the_sample_and_of_the_templates_is_documented()
    {
        var documented = Repository.Text("docs/settings.md");
        var templates = TemplateSetting().Matches(Repository.Text("infra/azure/modules/functions.bicep")).Select(match => match.Groups["name"].Value);
        var sample = Sample.EnumerateObject().Select(setting => setting.Name);

        Assert.All(
            sample.Concat(templates).Except(["FUNCTIONS_WORKER_RUNTIME"]),
            name => Assert.Contains(Family(name), documented, StringComparison.Ordinal));
    }

    [Fact]
    public void The_sample_holds_text_only_and_no_secret()
        => Assert.All(Sample.EnumerateObject(), setting =>
        {
            Assert.Equal(JsonValueKind.String, setting.Value.ValueKind);
            Assert.DoesNotMatch("(?i)accountkey=|sig=|private key|-----begin|password|secret", setting.Value.GetString()!);
        });

    /// <summary>The documentation names the elements of a list by their first, and a connection's parts in one row.</summary>
    private static string Family(string name)
        => name.EndsWith("__0", StringComparison.Ordinal) ? name + "…"
            : name.StartsWith("AzureWebJobsStorage__", StringComparison.Ordinal) ? name["AzureWebJobsStorage".Length..]
            : name;

    [GeneratedRegex(@"^  (?<name>(?:[A-Z]\w+__\w+|[A-Z][A-Z_]+|\w+Schedule)): ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TemplateSetting();
}
