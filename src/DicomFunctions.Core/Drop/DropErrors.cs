using System.Buffers;
using System.Globalization;
using System.Text.Json;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// The errors in <c>drop/failed</c>. What is written here is known again by its content and name; any other file of such a name is the
/// user's, and is neither replaced nor removed.
/// </summary>
internal sealed class DropErrors(IObjectStore store)
{
    /// <summary>More than a record with all that is added.</summary>
    private const int MaxLength = 1 << 20;

    /// <summary>A record, and what it is about: as JSON, a line.</summary>
    /// <param name="record">A JSON object.</param>
    /// <param name="version">The version of the file.</param>
    /// <param name="file">The file, where it is moved; null: it is left.</param>
    /// <param name="left">Why it is left.</param>
    public static ReadOnlyMemory<byte> ToJson(ReadOnlySpan<byte> record, string? version, ObjectProperties? file = null, string? left = null)
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

    /// <summary>Writes the error of a file under a name it may have. Null: a file of the user's is there.</summary>
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

    /// <summary>Says of a file that stays in <c>drop/incoming</c> why it does, where no failed file's error is. False: there is no place.</summary>
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

    /// <summary>An error that was written here, and its ETag; null where there is none, or a file of the user's.</summary>
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
                var error = await JsonSerializer.DeserializeAsync(content, DropJson.Default.DropError, cancellationToken).ConfigureAwait(false);
                return error is { Source: { } source } && (error.Success == false || error.Left is not null)
                    && source.StartsWith(DropFolder.Incoming, StringComparison.Ordinal) && DropNames.IsErrorOf(name, source)
                        ? (error, there.ETag)
                        : null;
            }
        }
        catch (Exception exception) when (exception is JsonException or ObjectChangedException or ObjectDeniedException or ObjectDamagedException)
        {
            return null;
        }
    }

    /// <summary>Removes the error of a file that is no longer failed.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var error = DropNames.Error(name);
        if (await FindAsync(error, cancellationToken).ConfigureAwait(false) is var (_, etag))
            await store.DeleteAsync(error, etag, cancellationToken).ConfigureAwait(false);
    }
}
