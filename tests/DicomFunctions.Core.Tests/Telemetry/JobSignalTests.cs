using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DicomFunctions.Core.Tests.Telemetry;

/// <summary>What jobs say of themselves: metrics, spans and one line of the log.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class JobSignalTests : IAsyncLifetime
{
    private readonly LogLines _log = new();
    private readonly Signals _signals = new();
    private CoreHost _host = null!;

    public async Task InitializeAsync() =>
        _host = await CoreHost.StartAsync(
            configure: services => services.AddSingleton<ILoggerProvider>(_log),
            settings: [("DicomWeb:MaxAttempts", "2"), ("DicomWeb:ShortPageIsLast", "true")]);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _signals.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_job_with_successes_and_failures_is_counted_by_kind_outcome_operation_and_status()
    {
        _host.Server.Rows = FakeDicomStore.Instances(3);
        _host.Server.Before = context =>
        {
            context.Response.StatusCode = context.Request.QueryString.Value!.Contains("DOE", StringComparison.Ordinal) ? 503 : 403;
            return Task.FromResult(context.Request.Query.ContainsKey("PatientName"));
        };
        using (_signals.BeginCaller())
        {
            await _host.SearchJobAsync(
                CoreHost.SearchJson(), CoreHost.SearchJson(), CoreHost.SearchJson(parameters: "{\"PatientName\":\"ROE^RICHARD\"}"),
                CoreHost.SearchJson(parameters: "{\"PatientName\":\"DOE^JANE\"}"), "{\"PatientID\":\"4711\"}");
        }

        (string, string) search = ("dicomfunctions.job.kind", "search");
        (string, string) operation = ("dicomfunctions.operation", "search");
        Assert.Equal(2, _signals.Sum("dicomfunctions.inputs", search, ("dicomfunctions.outcome", "success")));
        Assert.Equal(3, _signals.Sum("dicomfunctions.inputs", search, ("dicomfunctions.outcome", "failure")));
        Assert.True(_signals.Sum("dicomfunctions.io", search) > 0);
        Assert.Equal(2, _signals.Count("dicomfunctions.request.duration", operation, ("dicomfunctions.status_class", "2xx")));
        Assert.Equal(1, _signals.Count("dicomfunctions.request.duration", operation, ("dicomfunctions.status_class", "4xx")));
        Assert.Equal(2, _signals.Count("dicomfunctions.request.duration", operation, ("dicomfunctions.status_class", "5xx")));
        Assert.Equal(1, _signals.Sum("dicomfunctions.request.retries", operation));
        Assert.Equal(1, _signals.Count("dicomfunctions.job.duration", search, ("dicomfunctions.job.state", "completed")));
        Assert.True(_signals.Count("dicomfunctions.activity.duration", ("dicomfunctions.activity", "RunBatches")) > 0);
        AssertNothingOfAPatient("1.2.0", "1.2.1", "DOE", "ROE", "4711", "PatientName", CoreHost.Store.DicomStoreId + "/", "127.0.0.1");
    }

    [Fact]
    public async Task An_upload_is_counted_without_the_names_of_its_files()
    {
        var first = await _host.PutDicomAsync("drop/incoming/DOE^JANE.dcm");
        // Other bytes under the same UIDs.
        var other = await _host.PutDicomAsync("drop/incoming/ROE^RICHARD.dcm", pixel: 0x41);
        await _host.UploadJobAsync(first, other, "\"drop/incoming/none.dcm\"");

        (string, string) upload = ("dicomfunctions.job.kind", "upload");
        Assert.Equal(1, _signals.Sum("dicomfunctions.inputs", upload, ("dicomfunctions.outcome", "success")));
        Assert.Equal(2, _signals.Sum("dicomfunctions.inputs", upload, ("dicomfunctions.outcome", "failure")));
        Assert.True(_signals.Count("dicomfunctions.request.duration", ("dicomfunctions.operation", "store")) > 0);
        AssertNothingOfAPatient(Some.InstanceUid, Some.StudyUid, "DOE", "ROE", ".dcm");
        Assert.DoesNotContain("DOE", string.Concat(_log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain(Some.InstanceUid, string.Concat(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_activity_shows_its_first_calls_and_its_first_failed_ones_only()
    {
        _host.Server.Before = context =>
        {
            context.Response.StatusCode = context.Request.Query.ContainsKey("PatientName") ? 403 : 204;
            return Task.FromResult(true);
        };
        using var caller = _signals.BeginCaller();
        await _host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Search, MaxWorkers = 1 },
            Enumerable.Range(0, 300).Select(
                i => CoreHost.SearchJson(parameters: i % 2 == 0 ? $"{{\"PatientID\":\"{i}\"}}" : $"{{\"PatientName\":\"{i}\"}}")));

        var calls = _signals.Of(caller.TraceId).Where(span => span.OperationName == "search").ToList();
        var activities = _signals.Of(caller.TraceId).Count(span => span.OperationName == "activity RunBatches");
        Assert.Equal(300, _signals.Count("dicomfunctions.request.duration"));
        Assert.InRange(calls.Count(span => Equals(span.GetTagItem("http.response.status_code"), 204)), 8, 8 * activities);
        Assert.InRange(calls.Count(span => Equals(span.GetTagItem("error.type"), "403")), 32, 32 * activities);
        Assert.All(calls, span => Assert.True(span.Duration > TimeSpan.Zero && span.Duration < TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_job_that_ended_well_is_logged_in_one_line()
    {
        var id = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, CoreHost.SearchJson(), CoreHost.SearchJson());

        var line = Assert.Single(_log.Events, line => line.Id is 811 or 812 or 813);
        Assert.Equal((811, LogLevel.Information), (line.Id, line.Level));
        Assert.StartsWith($"Job {id} (search) completed after ", line.Text, StringComparison.Ordinal);
        Assert.EndsWith("2 of 2 inputs succeeded, 0 were not attempted.", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_with_failures_is_a_warning_with_the_most_frequent_reasons()
    {
        _host.Server.Before = context =>
        {
            context.Response.StatusCode = context.Request.Query.ContainsKey("PatientName") ? 403 : 404;
            return Task.FromResult(true);
        };
        var id = await _host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Search },
            CoreHost.SearchJson(parameters: "{\"PatientName\":\"A\"}"), CoreHost.SearchJson(parameters: "{\"PatientName\":\"B\"}"),
            CoreHost.SearchJson());

        var line = Assert.Single(_log.Events, line => line.Id is 811 or 812 or 813);
        Assert.Equal((812, LogLevel.Warning), (line.Id, line.Level));
        Assert.StartsWith($"Job {id} (search) completed after ", line.Text, StringComparison.Ordinal);
        Assert.EndsWith(
            "3 of 3 inputs failed (permission_denied: 2, not_found: 1), 0 were not attempted.", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_whose_infrastructure_is_broken_is_an_error_even_if_nobody_is_told_of_it_by_events()
    {
        _host.Objects.Fault = (member, _) => member == "StageBlockAsync" ? new IOException("The disk is broken.") : null;
        var id = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, CoreHost.SearchJson());

        var line = Assert.Single(_log.Events, line => line.Id is 811 or 812 or 813);
        Assert.Equal((813, LogLevel.Error), (line.Id, line.Level));
        Assert.StartsWith($"Job {id} (search) failed after ", line.Text, StringComparison.Ordinal);
        Assert.Equal(1, _signals.Count("dicomfunctions.job.duration", ("dicomfunctions.job.state", "failed")));
    }

    [Fact]
    public async Task A_store_that_is_slowed_shows_in_the_metrics()
    {
        await using var host = await CoreHost.StartAsync(CoreHost.SkippingClock(), settings: ("DicomWeb:MaxAttempts", "1"));
        host.Server.Before = context =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (429, "1");
            return Task.FromResult(true);
        };
        await host.SearchJobAsync(Enumerable.Range(0, 40).Select(i => CoreHost.SearchJson(parameters: $"{{\"PatientID\":\"{i}\"}}")));
        _signals.Observe();

        Assert.Equal(1, _signals.Sum("dicomfunctions.stores.slowed"));
        Assert.InRange(_signals.Sum("dicomfunctions.store.pace"), 0.4, 1_000);
    }

    private void AssertNothingOfAPatient(params string[] identifiers)
    {
        _signals.Observe();
        var text = _signals.AsText();
        Assert.NotEmpty(text);
        Assert.All(identifiers, identifier => Assert.DoesNotContain(identifier, text, StringComparison.OrdinalIgnoreCase));
    }
}
