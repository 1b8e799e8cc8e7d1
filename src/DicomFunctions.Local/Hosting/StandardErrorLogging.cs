using Microsoft.Extensions.Logging.Console;

namespace DicomFunctions.Local.Hosting;

internal static class StandardErrorLogging
{
    /// <summary>One line per event, on standard error: standard output belongs to the records.</summary>
    public static ILoggingBuilder AddStandardError(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // It logs addresses as they were asked for, and a key may be in them (?code=). No setting turns it on.
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Why a host could not start is told by the command, in a line.
        return logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
