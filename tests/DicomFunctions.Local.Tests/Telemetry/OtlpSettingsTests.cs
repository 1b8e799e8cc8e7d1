using DicomFunctions.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace DicomFunctions.Local.Tests.Telemetry;

public sealed class OtlpSettingsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("traces metrics logs", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1")]
    [InlineData("", "OTEL_EXPORTER_OTLP_ENDPOINT= ")]
    [InlineData("metrics", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://127.0.0.1:1")]
    [InlineData(
        "traces logs", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://127.0.0.1:2")]
    [InlineData("metrics logs", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", "OTEL_TRACES_EXPORTER=none")]
    [InlineData("", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", "OTEL_SDK_DISABLED=true")]
    public void Read_a_signal_is_sent_if_a_variable_names_an_endpoint_and_none_leaves_it_out(string signals, params string[] variables)
    {
        var settings = OtlpSettings.Read(Configuration(variables));

        Assert.Equal(signals.Contains("traces", StringComparison.Ordinal), settings.Traces);
        Assert.Equal(signals.Contains("metrics", StringComparison.Ordinal), settings.Metrics);
        Assert.Equal(signals.Contains("logs", StringComparison.Ordinal), settings.Logs);
        Assert.Equal(signals.Length > 0, settings.IsOn);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", true)]
    public void AddOtlpExport_registers_nothing_without_an_endpoint(string variable, bool isRegistered)
    {
        var configuration = Configuration(variable);
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddOtlpExport(configuration, "test")
            .BuildServiceProvider();

        Assert.Equal(isRegistered, services.GetService<TracerProvider>() is not null);
        Assert.Equal(isRegistered, services.GetService<MeterProvider>() is not null);
    }

    private static IConfigurationRoot Configuration(params string[] variables) => new ConfigurationBuilder()
        .AddInMemoryCollection(variables.Where(variable => variable.Length > 0).Select(variable => variable.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => (string?)pair[1]))
        .Build();
}
