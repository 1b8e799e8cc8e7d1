using Microsoft.Extensions.Configuration;

namespace DicomFunctions.Telemetry;

/// <summary>
/// Which signals the standard variables send to an OTLP endpoint
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). Without an endpoint none is sent: the default of the standard, a
/// collector on this machine, is not assumed.
/// </summary>
/// <param name="Traces">Whether traces are sent.</param>
/// <param name="Metrics">Whether metrics are sent.</param>
/// <param name="Logs">Whether logs are sent.</param>
public sealed record OtlpSettings(bool Traces, bool Metrics, bool Logs)
{
    /// <summary>Whether anything is sent.</summary>
    public bool IsOn => Traces || Metrics || Logs;

    /// <summary>Whether <c>OTEL_SDK_DISABLED</c> turns everything off.</summary>
    public static bool IsDisabled(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return bool.TryParse(configuration["OTEL_SDK_DISABLED"], out var isDisabled) && isDisabled;
    }

    /// <summary>Reads the variables.</summary>
    public static OtlpSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new(Sends("TRACES"), Sends("METRICS"), Sends("LOGS"));

        bool Sends(string signal) => !IsDisabled(configuration)
            && !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
            && (Has("OTEL_EXPORTER_OTLP_ENDPOINT") || Has($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"));

        bool Has(string name) => !string.IsNullOrWhiteSpace(configuration[name]);
    }
}
