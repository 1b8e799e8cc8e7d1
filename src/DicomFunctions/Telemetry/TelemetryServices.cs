using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using DicomFunctions.Telemetry;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace DicomFunctions.App.Telemetry;

/// <summary>
/// Exports traces, metrics and logs to Azure Monitor and to an OTLP endpoint, by the variables that the Functions host reads.
/// </summary>
internal static class TelemetryServices
{
    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";
    private const string ClientId = "ClientId=";

    /// <summary>The worker's own spans: an invocation of a function, as a part of the host's trace.</summary>
    private const string Invocations = "Microsoft.Azure.Functions.Worker";

    /// <summary>
    /// Adds exporters, if variables say where to. If not, nothing is registered, and the Functions host takes the worker's logs.
    /// </summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var isAzureMonitor = !OtlpSettings.IsDisabled(configuration) && !string.IsNullOrWhiteSpace(configuration[ConnectionString]);
        // As in the Functions host, one endpoint takes all signals.
        var isOtlp = OtlpSettings.Read(configuration) is { Traces: true, Metrics: true, Logs: true };
        if (!isAzureMonitor && !isOtlp)
            return services;
        var builder = services.AddTelemetry("dicom-functions")
            .UseFunctionsWorkerDefaults()
            .WithTracing(tracing => tracing.AddSource(Invocations));
        if (isAzureMonitor)
            builder.UseAzureMonitorExporter(options => Configure(options, configuration));
        if (isOtlp)
            builder.UseOtlpExporter();
        return services;
    }

    private static void Configure(AzureMonitorExporterOptions options, IConfiguration configuration)
    {
        options.ConnectionString = configuration[ConnectionString];
        // Alerts look for lines of the log, which must be there whether their trace was sampled or not.
        options.EnableTraceBasedLogsSampler = false;
        options.EnableLiveMetrics = false;
        // ClientId=…;Authorization=AAD, or Authorization=AAD for the app's own identity.
        if (configuration[Authentication] is not { } authentication)
            return;
        var client = authentication.Split(';', StringSplitOptions.TrimEntries)
            .FirstOrDefault(part => part.StartsWith(ClientId, StringComparison.OrdinalIgnoreCase));
        options.Credential = new ManagedIdentityCredential(
            client is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(client[ClientId.Length..]));
    }
}
