using Microsoft.Extensions.Logging.Console;

namespace DicomFunctions.Local.Hosting;

internal static class StandardErrorLogging
{
    /// <summary>Logs one line per event to standard error; standard output is for records.</summary>
    public static ILoggingBuilder AddStandardError(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // This logs request URLs, which may contain a key (?code=). No setting turns it on.
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // The command itself reports in one line why a host could not start.
        return logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
