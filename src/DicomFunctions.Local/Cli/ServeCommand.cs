using System.CommandLine;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Serve;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn serve</c>: the HTTP API, the drop folder and the notification pump, until Ctrl+C.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var url = new Option<string?>("--url")
        {
            Description = "Where to listen. Default: http://127.0.0.1:7071. Non-loopback addresses need an API key.",
        };
        var apiKey = new Option<FileInfo?>("--api-key-file")
        {
            Description = "A file with the key that requests must carry as x-functions-key.",
        };
        var subscription = new Option<string?>("--subscription")
        {
            Description = "A Pub/Sub subscription to pull: projects/PROJECT/subscriptions/SUBSCRIPTION.",
            HelpName = "PATH",
            Validators =
            {
                result =>
                {
                    if (result.Tokens is [var path] && SubscriptionPath.Problem(path.Value) is { } problem)
                        result.AddError($"--subscription: {problem}");
                },
            },
        };
        var pubSubUrl = new Option<string?>("--pubsub-url")
        {
            Description = "Pub/Sub server to use instead of Google's, such as an emulator.",
            HelpName = "URL",
        };
        var command = new Command(
            "serve", "Serve the HTTP API, watch the drop folder (with --store), pull notifications (with --subscription).")
        {
            url, apiKey, subscription, pubSubUrl,
            CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile, CommonOptions.MaxWorkers, CommonOptions.BufferSize,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = CommonOptions.Settings(parsed);
            Set($"{LocalOptions.SectionName}:{nameof(LocalOptions.Url)}", parsed.GetValue(url));
            Set($"{LocalOptions.SectionName}:{nameof(LocalOptions.ApiKey)}", Key(parsed.GetValue(apiKey)));
            Set($"{DropOptions.SectionName}:{nameof(DropOptions.Destination)}", CommonOptions.FindStore(parsed)?.ToString());
            Set($"{NotificationOptions.SectionName}:{nameof(NotificationOptions.Subscription)}", parsed.GetValue(subscription));
            Set($"{NotificationOptions.SectionName}:{nameof(NotificationOptions.BaseUrl)}", parsed.GetValue(pubSubUrl));
            var app = await ServeHost.StartAsync(settings, cancellationToken).ConfigureAwait(false);
            await using (app.ConfigureAwait(false))
            {
                await Greeting.SayAsync(app).ConfigureAwait(false);
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
            }

            return ExitCode.Ok;

            void Set(string key, string? value)
            {
                if (value is not null)
                    settings[key] = value;
            }
        });
        return command;
    }

    private static string? Key(FileInfo? file)
    {
        try
        {
            return file is null ? null : File.ReadAllText(file.FullName).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot read the API key: {exception.Message}");
        }
    }
}
