using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Notifications;
using DicomFunctions.Local.Inputs;
using DicomFunctions.Local.Output;
using DicomFunctions.Local.Remote;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn format</c>: Pub/Sub messages become search requests.</summary>
internal static class FormatCommand
{
    private static readonly Argument<string[]> Messages = new("message")
    {
        Description = "Paths of instances, projects/…/instances/…",
        Arity = ArgumentArity.ZeroOrMore,
        Validators = { CommonOptions.RefuseOptions },
    };

    private static readonly Option<string?> Input = new("--input", "-i")
    {
        Description = "A file of messages (JSON, an array, or NDJSON; strings or PubsubMessages); - for standard input.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command("format", "Convert Pub/Sub messages into search requests (FormatToQido).") { Messages, Input };
        command.AddJobOptions();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(Messages)!.Length == 0 == parsed.GetValue(Input) is null)
                throw new UsageException("Give messages or --input.");
            var inputs = parsed.GetValue(Input) is { } file
                ? InputSource.ReadAsync(file, "messages", cancellationToken)
                : Given(parsed.GetValue(Messages)!);
            var output = Console.OpenStandardOutput();
            await using (output.ConfigureAwait(false))
            {
                if (JobHosts.TryOpenServer(parsed) is { } server)
                {
                    await using (server.ConfigureAwait(false))
                        return await ConvertAsync(server, inputs, output, cancellationToken).ConfigureAwait(false);
                }

                var allConverted = true;
                var record = new ArrayBufferWriter<byte>();
                await foreach (var input in inputs.ConfigureAwait(false))
                {
                    record.ResetWrittenCount();
                    allConverted &= FormatRecord.Convert(record, input.Span);
                    record.Write("\n"u8);
                    await output.WriteAsync(record.WrittenMemory, cancellationToken).ConfigureAwait(false);
                }

                return allConverted ? ExitCode.Ok : ExitCode.SomeFailed;
            }
        });
        return command;
    }

    private static async Task<int> ConvertAsync(
        RemoteJobs server, IAsyncEnumerable<ReadOnlyMemory<byte>> messages, Stream output, CancellationToken cancellationToken)
    {
        var anyFailed = false;
        using var reader = new FailureReader(_ => anyFailed = true);
        await server.FormatAsync(messages, new TeeStream(output, reader), cancellationToken).ConfigureAwait(false);
        return anyFailed ? ExitCode.SomeFailed : ExitCode.Ok;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Given(string[] messages)
    {
        foreach (var message in messages)
            yield return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(message, CliJson.Default.String));
        await Task.CompletedTask.ConfigureAwait(false);
    }
}
