using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using DicomFunctions.App.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace DicomFunctions.App.Tests;

/// <summary>Which variables make the function app export, and where to.</summary>
public sealed class TelemetryTests
{
    private const string Insights =
        "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:1/;LiveEndpoint=http://127.0.0.1:1/";

    [Theory]
    [InlineData("")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:1")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", "OTEL_SDK_DISABLED=true")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING=" + Insights, "OTEL_SDK_DISABLED=true")]
    [InlineData("APPLICATIONINSIGHTS_AUTHENTICATION_STRING=Authorization=AAD")]
    public void Without_an_endpoint_nothing_is_registered_and_the_host_takes_the_logs(params string[] variables)
    {
        using var services = Services(variables);

        Assert.Null(services.GetService<TracerProvider>());
        Assert.Null(services.GetService<MeterProvider>());
        Assert.DoesNotContain("WorkerOpenTelemetryEnabled", services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities.Keys);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING=" + Insights)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", "APPLICATIONINSIGHTS_CONNECTION_STRING=" + Insights)]
    public void With_an_endpoint_the_app_exports_and_tells_the_host_so(params string[] variables)
    {
        using var services = Services(variables);

        Assert.NotNull(services.GetService<TracerProvider>());
        Assert.NotNull(services.GetService<MeterProvider>());
        Assert.Equal("True", services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities["WorkerOpenTelemetryEnabled"]);
    }

    [Theory]
    [InlineData("ClientId=6c1e1f1c-0000-0000-0000-000000000001;Authorization=AAD", true)]
    [InlineData("Authorization=AAD", true)]
    [InlineData(null, false)]
    public void Azure_monitor_is_given_the_identity_and_every_line_of_the_log(string? authentication, bool hasCredential)
    {
        using var services = Services(
            "APPLICATIONINSIGHTS_CONNECTION_STRING=" + Insights,
            authentication is null ? "" : "APPLICATIONINSIGHTS_AUTHENTICATION_STRING=" + authentication);
        var options = services.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value;

        Assert.Equal(Insights, options.ConnectionString);
        Assert.Equal(hasCredential, options.Credential is ManagedIdentityCredential);
        // Alerts look for lines of the log.
        Assert.False(options.EnableTraceBasedLogsSampler);
    }

    private static ServiceProvider Services(params string[] variables)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(variables.Where(variable => variable.Length > 0)
            .Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1])).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddTelemetry(configuration)
            .AddOptions()
            .BuildServiceProvider();
    }
}
