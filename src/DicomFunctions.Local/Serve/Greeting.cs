using DicomFunctions.Local.Hosting;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Serve;

/// <summary>Says where the host listens: as a line for people or, if the log has another format, as a line of the log.</summary>
internal static partial class Greeting
{
    public static async Task SayAsync(WebApplication app)
    {
        var (url, data) = (app.Urls.First(), app.Services.GetRequiredService<IOptions<LocalOptions>>().Value.DataDirectory);
        if (StandardErrorLogging.IsForPeople(app.Configuration))
            await Console.Error.WriteLineAsync($"Listening on {url}, data in {data}. Ctrl+C stops.").ConfigureAwait(false);
        else
            LogListening(app.Logger, url, data);
    }

    [LoggerMessage(1321, LogLevel.Information, "Listening on {Url}, data in {Directory}.")]
    private static partial void LogListening(ILogger logger, string url, string directory);
}
