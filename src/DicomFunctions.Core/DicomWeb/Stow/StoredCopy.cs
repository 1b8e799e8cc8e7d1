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

    private const string Differs = "the store holds a different instance under these UIDs";

    /// <summary>Null if the stored instance is the same. Otherwise, for the record, why it is not or could not be compared.</summary>
    public async Task<string?> FindDifferenceAsync(StowInstance instance, CancellationToken cancellationToken)
    {
        if (instance.Header is not { StudyInstanceUid: { } study, SeriesInstanceUid: { } series, SopInstanceUid: { } uid })
            return NotCompared("the file lacks its study, series or SOP instance UID");
        var target = uris.Instance(store, study, series, uid);
        InstanceDigest? stored = null;
        try
        {
            var (answer, isTooLong) = await FetchAsync(InstanceExchange.Multipart).ConfigureAwait(false);
            if (answer.Status.Code is 400 or 406 or 415)
                (answer, isTooLong) = await FetchAsync(InstanceExchange.Single).ConfigureAwait(false);
            if (isTooLong)
                return Differs;
            if (!answer.Success)
                return NotCompared(answer.Status.Text ?? $"the server answered {answer.Status} when it was fetched");
            using var own = new InstanceDigest();
            await instance.CopyToAsync(own, static () => { }, cancellationToken).ConfigureAwait(false);
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

        async Task<(RequestOutcome Answer, bool IsTooLong)> FetchAsync(string accept)
        {
            var exchange = new InstanceExchange(target, accept, instance.Length + MaxFileMeta, Begin);
            return (await sender.SendAsync(exchange, cancellationToken).ConfigureAwait(false), exchange.IsTooLong);
        }

        Stream Begin()
        {
            stored?.Dispose();
            return stored = new InstanceDigest();
        }
    }

    private static string NotCompared(string why) => $"an instance with this UID exists and could not be compared: {why.TrimEnd('.')}";
}
