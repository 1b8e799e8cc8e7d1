using Microsoft.Extensions.Logging.Console;

namespace DicomFunctions.Local.Hosting;

internal static class StandardErrorLogging
{
    private const string FormatterName = "Logging:Console:FormatterName";

    /// <summary>
    /// Logs one line per event to standard error; standard output is for records. The setting <c>Logging:Console:FormatterName</c> chooses
    /// the format: <c>simple</c>, <c>json</c> or <c>systemd</c>.
    /// </summary>
    public static ILoggingBuilder AddStandardError(this ILoggingBuilder logging)
    {
        // Before the settings are bound, so that a setting takes precedence.
        logging.Services.Configure<JsonConsoleFormatterOptions>(
            json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        logging.AddConsole();
        logging.Services.Configure<SimpleConsoleFormatterOptions>(console => console.SingleLine = true);
        logging.Services.AddOptions<ConsoleLoggerOptions>().Configure<IConfiguration>((console, configuration) =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = configuration[FormatterName] ?? ConsoleFormatterNames.Simple;
        });
        // This logs request URLs, which may contain a key (?code=). No setting turns it on.
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // The command itself reports in one line why a host could not start.
        return logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }

    /// <summary>Whether people read the log, rather than a program.</summary>
    public static bool IsForPeople(IConfiguration configuration) => configuration[FormatterName] is null or ConsoleFormatterNames.Simple;
}
