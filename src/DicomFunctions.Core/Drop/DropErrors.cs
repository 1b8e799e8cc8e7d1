using System.Buffers;
using System.Globalization;
using System.Text.Json;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Reads and writes the errors in <c>drop/failed</c>. Recognizes its own files by content and name. Any other file with such a name belongs
/// to the user, and is neither replaced nor removed.
/// </summary>
internal sealed class DropErrors(IObjectStore store)
{
    /// <summary>More than a record with all additions, in bytes.</summary>
    private const int MaxLength = 1 << 20;

    /// <summary>Formats an error: a line of JSON.</summary>
    /// <param name="record">The record, a JSON object.</param>
    /// <param name="version">The version of the file.</param>
    /// <param name="file">The file if it is moved; null if it is left.</param>
    /// <param name="left">Why it is left.</param>
    public static ReadOnlyMemory<byte> ToJson(
        ReadOnlySpan<byte> record, string? version, ObjectProperties? file = null, string? left = null)
    {
        var json = new ArrayBufferWriter<byte>(record.Length + 256);
        json.Raw(record[..record.LastIndexOf((byte)'}')]);
        json.Property("version"u8, version);
        if (file is not null)
        {
            json.Property("modified"u8, file.LastModified.ToString("O", CultureInfo.InvariantCulture));
            json.Property("bytes"u8, file.Length);
        }

        json.Property("left"u8, left);
        json.Raw("}\n"u8);
        return json.WrittenMemory;
    }

    /// <summary>Writes the error of a file. Null if a file of the user has its name.</summary>
    public async Task<ObjectProperties?> WriteAsync(string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var error = DropNames.Error(name);
        if (await PutAsync(PutCondition.WhenAbsent).ConfigureAwait(false) is { } written)
            return written;
        return await FindAsync(error, cancellationToken).ConfigureAwait(false) is var (_, etag)
            ? await PutAsync(PutCondition.WhenUnchanged(etag)).ConfigureAwait(false)
            : null;

        async Task<ObjectProperties?> PutAsync(PutCondition condition)
        {
            using var content = new MemoryStream(json.ToArray(), writable: false);
            return await store.PutAsync(error, content, condition, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Writes why a file stays in <c>drop/incoming</c>, under a name that no other file's error has. False if there is none.
    /// </summary>
    public async Task<bool> LeaveAsync(string name, string? version, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        foreach (var candidate in DropNames.Candidates(name, version))
        {
            try
            {
                if (await store.GetPropertiesAsync(DropNames.InFailed(candidate), cancellationToken).ConfigureAwait(false) is null
                    && await WriteAsync(candidate, json, cancellationToken).ConfigureAwait(false) is not null)
                {
                    return true;
                }
            }
            catch (ObjectNameTakenException)
            {
                // The next may be free.
            }
        }

        return false;
    }

    /// <summary>Reads an error and its ETag. Null if there is none, or a file of the user.</summary>
    public async Task<(DropError Error, string ETag)?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!DropNames.IsError(name))
            return null;
        try
        {
            if (await store.GetPropertiesAsync(name, cancellationToken).ConfigureAwait(false) is not { Length: <= MaxLength } there)
                return null;
            var content = await store.OpenReadAsync(name, ObjectRange.All, there.ETag, cancellationToken).ConfigureAwait(false);
            if (content is null)
                return null;
            await using (content.ConfigureAwait(false))
            {
                var error = await JsonSerializer.DeserializeAsync(content, DropJson.Default.DropError, cancellationToken)
                    .ConfigureAwait(false);
                return error is { Source: { } source } && (error.Success == false || error.Left is not null)
                    && source.StartsWith(DropFolder.Incoming, StringComparison.Ordinal) && DropNames.IsErrorOf(name, source)
                        ? (error, there.ETag)
                        : null;
            }
        }
        catch (Exception exception)
            when (exception is JsonException or ObjectChangedException or ObjectDeniedException or ObjectDamagedException)
        {
            return null;
        }
    }

    /// <summary>Removes the errors of a file.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var error = DropNames.Error(name);
        if (await FindAsync(error, cancellationToken).ConfigureAwait(false) is var (_, etag))
            await store.DeleteAsync(error, etag, cancellationToken).ConfigureAwait(false);
    }
}
