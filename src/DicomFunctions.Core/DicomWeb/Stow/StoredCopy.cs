using System.Buffers;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb.Wado;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>
/// Fetches the instance that a store has under the same UIDs, and compares the two without holding either in memory.
/// </summary>
internal sealed class StoredCopy(RequestSender sender, DicomWebUri uris, DicomStorePath store)
{
    /// <summary>How much longer the stored file may be, because the store has added its own preamble and file meta information.</summary>
    private const int MaxFileMeta = 1 << 20;

    private const int CopyBuffer = 64 * 1024;

    private const string Differs = "the store holds a different instance under these UIDs";

    /// <summary>Null if the stored instance is the same. Otherwise, for the record, why it is not or could not be compared.</summary>
    public async Task<string?> FindDifferenceAsync(StowInstance instance, CancellationToken cancellationToken)
    {
        if (instance.Header is not { StudyInstanceUid: { } study, SeriesInstanceUid: { } series, SopInstanceUid: { } uid })
            return NotCompared("the file lacks its study, series or SOP instance UID");
        var request = new RetrieveRequest { Store = store, StudyUid = study, SeriesUid = series, SopInstanceUid = uid };
        InstanceDigest? stored = null;
        var isTooLong = false;
        using var own = new InstanceDigest();
        try
        {
            await instance.CopyToAsync(own, static () => { }, cancellationToken).ConfigureAwait(false);
            var fetch = new InstancesFetch(sender, uris, request, ReadAsync);
            var answer = await fetch.RunAsync(cancellationToken).ConfigureAwait(false);
            if (isTooLong)
                return Differs;
            if (answer is not { Success: true, Status.Code: 200 })
                return NotCompared(answer.Status.Text ?? $"the server answered {answer.Status} when it was fetched");
            if (fetch.Instances != 1)
                return NotCompared($"the server answered with {fetch.Instances} instances when it was fetched");
            return own.IsSameAs(stored!) ? null : Differs;
        }
        catch (StowSourceException exception)
        {
            return NotCompared(exception.Message);
        }
        finally
        {
            stored?.Dispose();
        }

        async ValueTask<bool> ReadAsync(Stream content, CancellationToken token)
        {
            stored?.Dispose();
            stored = new InstanceDigest();
            isTooLong = !await TryCopyAsync(content, stored, own.Bytes + MaxFileMeta, token).ConfigureAwait(false);
            return !isTooLong;
        }
    }

    /// <summary>False if there is more than <paramref name="maxBytes"/>.</summary>
    private static async ValueTask<bool> TryCopyAsync(Stream content, Stream to, long maxBytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if ((maxBytes -= read) < 0)
                    return false;
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string NotCompared(string why) => $"an instance with this UID exists and could not be compared: {why.TrimEnd('.')}";
}
