using System.Text.RegularExpressions;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>Alerts and the workbook look for what the code logs and measures.</summary>
public sealed partial class MonitoringTests
{
    private const string Alerts = "infra/azure/modules/monitoring-alerts.bicep";
    private const string Workbook = "infra/azure/modules/monitoring-workbook.json";

    [Fact]
    public void The_alert_on_failed_jobs_looks_for_every_line_of_a_job_that_did_not_end_well() => Assert.Equal(
        IdsOf("src/DicomFunctions.Core/Jobs/Execution/JobEndLog.cs", "Warning", "Error"), IdsIn(Query("failedJobs")));

    [Fact]
    public void The_alert_on_a_silent_subscription_looks_for_the_line_of_what_was_received()
    {
        var received = Assert.Single(IdsIn(Query("receivedNotifications")));

        Assert.Contains(
            $"[LoggerMessage({received}, LogLevel.Information, \"Received ",
            Repository.Text("src/DicomFunctions.Core/PubSub/NotificationPump.cs"),
            StringComparison.Ordinal);
        Assert.Contains("operator: 'LessThan', threshold: 1", Repository.Text(Alerts), StringComparison.Ordinal);
    }

    [Fact]
    public void Alerts_name_only_events_of_the_documentation()
    {
        var documented = Repository.Text("docs/operations.md");

        Assert.All(
            EventId().Matches(Repository.Text(Alerts)).Select(match => match.Value),
            id => Assert.Contains($"| {id} | ", documented, StringComparison.Ordinal));
    }

    [Fact]
    public void The_workbook_asks_for_metrics_and_attributes_that_the_code_has_and_the_documentation_tells()
    {
        var code = Repository.Text("src/DicomFunctions.Core/Telemetry", "*.cs")
            + Repository.Text("src/DicomFunctions.Core/DicomWeb/Client", "*.cs");
        var documented = Repository.Text("docs/operations.md");
        var queries = Queries().ToList();
        var metrics = queries.SelectMany(query => MetricName().Matches(query)).Select(match => match.Groups["name"].Value).ToList();
        var attributes = queries.SelectMany(query => Attribute().Matches(query)).Select(match => match.Groups["name"].Value).ToList();

        Assert.True(metrics.Count >= 7);
        Assert.True(attributes.Count >= 6);
        Assert.All(metrics.Concat(attributes), name =>
        {
            Assert.Contains($"\"{name}\"", code, StringComparison.Ordinal);
            Assert.Contains($"`{name}`", documented, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_metric_of_the_code_is_documented_and_no_other()
    {
        var code = Repository.Text("src/DicomFunctions.Core/Telemetry", "Instruments.cs")
            + Repository.Text("src/DicomFunctions.Core/DicomWeb/Client", "DicomWebClient.cs");

        Assert.Equal(
            InstrumentName().Matches(code).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal),
            DocumentedMetric().Matches(Repository.Text("docs/operations.md")).Select(match => match.Groups["name"].Value)
                .Order(StringComparer.Ordinal));
    }

    /// <summary>Their logs would have the names of dropped files, or addresses with a key.</summary>
    [Fact]
    public void Diagnostic_settings_leave_out_logs_of_requests()
    {
        var text = Repository.Text("infra/azure/modules/monitoring-diagnostics.bicep");

        Assert.Equal(
            ["FunctionAppLogs", "AllMetrics", "Transaction"], Category().Matches(text).Select(match => match.Groups["name"].Value));
        Assert.DoesNotContain("categoryGroup", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_monitoring_is_off_by_default_and_documented()
    {
        var main = Repository.Text("infra/azure/main.bicep");
        var documented = Repository.Text("docs/operations.md");

        Assert.Contains("param alertEmail string = ''", main, StringComparison.Ordinal);
        Assert.Contains("param createWorkbook bool = false", main, StringComparison.Ordinal);
        Assert.Contains("param createDiagnosticSettings bool = false", main, StringComparison.Ordinal);
        Assert.All(
            ["ALERT_EMAIL", "SILENT_SUBSCRIPTION_HOURS", "CREATE_WORKBOOK", "CREATE_DIAGNOSTIC_SETTINGS"],
            variable =>
            {
                Assert.Contains($"'{variable}'", Repository.Text("infra/azure/main.bicepparam"), StringComparison.Ordinal);
                Assert.Contains($"`{variable}`", documented, StringComparison.Ordinal);
            });
    }

    private static IEnumerable<string> Queries() => Repository.Json(Workbook).GetProperty("items").EnumerateArray()
        .Where(item => item.GetProperty("type").GetInt32() == 3)
        .Select(item => item.GetProperty("content").GetProperty("query").GetString()!);

    private static string Query(string variable)
    {
        var text = Repository.Text(Alerts);
        var start = text.IndexOf($"var {variable} = '''", StringComparison.Ordinal);
        Assert.True(start >= 0, variable);
        return text[start..text.IndexOf("'''", start + variable.Length + 12, StringComparison.Ordinal)];
    }

    private static IEnumerable<string> IdsIn(string query) => EventId().Matches(query).Select(match => match.Value);

    private static IEnumerable<string> IdsOf(string path, params string[] levels) => Logged().Matches(Repository.Text(path))
        .Where(match => levels.Contains(match.Groups["level"].Value)).Select(match => match.Groups["id"].Value);

    [GeneratedRegex(@"(?<="")\d{3,4}(?="")")]
    private static partial Regex EventId();

    [GeneratedRegex(@"LoggerMessage\((?<id>\d+), LogLevel\.(?<level>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Logged();

    [GeneratedRegex("name == '(?<name>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"customDimensions\['(?<name>[^']+)'\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"""(?<name>dicomfunctions\.[a-z_.]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex InstrumentName();

    [GeneratedRegex(@"^\| `(?<name>dicomfunctions\.[a-z_.]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex DocumentedMetric();

    [GeneratedRegex("category: '(?<name>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Category();
}
