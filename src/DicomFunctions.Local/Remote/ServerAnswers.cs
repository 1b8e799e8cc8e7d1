using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Remote;

/// <summary>Reads the answers of a server. One that breaks off is a failure, and never passes for a whole one.</summary>
internal static class ServerAnswers
{
    /// <summary>Reads JSON, and disposes of the answer.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using (response)
        {
            try
            {
                var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                await using (content.ConfigureAwait(false))
                {
                    return await JsonSerializer.DeserializeAsync(content, type, cancellationToken).ConfigureAwait(false)
                        ?? throw new JsonException();
                }
            }
            catch (JsonException exception)
            {
                throw new CommandFailedException(
                    "The answer is not of this API: check --server, and whether both are of one build.", exception);
            }
            catch (Exception exception) when (ServerCalls.IsBroken(exception, cancellationToken))
            {
                throw new CommandFailedException($"The answer broke off. {exception.Message}", exception);
            }
        }
    }

    /// <summary>Copies an answer. A connection that breaks off must not pass for the end.</summary>
    public static async Task CopyAsync(Stream content, Stream output, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (true)
        {
            int read;
            try
            {
                read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (ServerCalls.IsBroken(exception, cancellationToken))
            {
                throw new CommandFailedException($"The records are not complete: the answer broke off. {exception.Message}", exception);
            }

            if (read == 0)
                return;
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }
}
