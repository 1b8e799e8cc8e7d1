using System.Reflection;
using DicomFunctions.Core.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace DicomFunctions.Telemetry;

/// <summary>Exports the traces, metrics and logs of a host.</summary>
public static class TelemetryServiceCollectionExtensions
{
    /// <summary>Exports to an OTLP endpoint, if the standard variables name one. If not, nothing is registered or started.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Holds the variables.</param>
    /// <param name="serviceName">The service's name, unless <c>OTEL_SERVICE_NAME</c> gives another.</param>
    public static IServiceCollection AddOtlpExport(this IServiceCollection services, IConfiguration configuration, string serviceName)
    {
        var otlp = OtlpSettings.Read(configuration);
        if (otlp.IsOn)
            services.AddTelemetry(serviceName, otlp.Traces, otlp.Metrics, otlp.Logs).UseOtlpExporter();
        return services;
    }

    /// <summary>Collects signals for the exporters that are added to the builder. Those left out are not collected.</summary>
    public static OpenTelemetryBuilder AddTelemetry(
        this IServiceCollection services, string serviceName, bool traces = true, bool metrics = true, bool logs = true)
    {
        services.AddLogging(logging => logging.AddExportFilters(logs));
        return services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(serviceName, serviceVersion: Version).AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(traces ? [Instruments.Name] : []))
            .WithMetrics(meters => meters.AddMeter(metrics ? [Instruments.Name, "System.Runtime"] : []))
            .WithLogging(configureBuilder: null, options => options.IncludeFormattedMessage = true);
    }

    private static string Version { get; } =
        typeof(Instruments).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static void AddExportFilters(this ILoggingBuilder logging, bool isOn)
    {
        if (!isOn)
        {
            logging.AddFilter<OpenTelemetryLoggerProvider>(category: null, LogLevel.None);
            return;
        }

        // As on the console: URLs may contain a key (?code=), and why a host did not start is the command's to say. The names of blobs are
        // those of dropped files.
        logging.AddFilter<OpenTelemetryLoggerProvider>("Microsoft", LogLevel.Warning)
            .AddFilter<OpenTelemetryLoggerProvider>("System", LogLevel.Warning)
            .AddFilter<OpenTelemetryLoggerProvider>("Azure", LogLevel.None)
            .AddFilter<OpenTelemetryLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddFilter<OpenTelemetryLoggerProvider>("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
