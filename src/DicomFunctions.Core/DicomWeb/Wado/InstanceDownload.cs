using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>
/// Retrieves one instance and leaves it open. Its beginning is read here, since a request that breaks off by then can be sent again: a
/// small instance is held whole.
/// </summary>
/// <param name="target">The URL of the instance.</param>
/// <param name="accept">The media type to request.</param>
/// <param name="request">The instance asked for.</param>
/// <param name="options">The limits.</param>
/// <param name="time">The clock.</param>
internal sealed class InstanceDownload(Uri target, string accept, RetrieveRequest request, DicomWebOptions options, TimeProvider time)
    : WadoExchange(target, accept)
{
    private const int LeastHeld = 64 << 10;
    private const int MostHeld = 4 << 20;

    private readonly int _mostHeld = (int)Math.Clamp(options.MultipartMaxBytes, LeastHeld, MostHeld);

    /// <summary>The instance; null if there is none.</summary>
    public OpenedInstance? Instance { get; private set; }

    public override async ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        // The instance outlives the request's own timer.
        idle.Pause();
        var download = new InstanceStream(response, options.IdleTimeout, time);
        try
        {
            var (parts, outcome) = await BeginAsync(response, download.Idle, cancellationToken).ConfigureAwait(false);
            if (parts is null)
                return outcome;
            download.Take(parts);
            if (await parts.NextAsync().ConfigureAwait(false) is not { } part)
                return outcome;
            if (Refuse(part) is { } refusal)
                return refusal;
            download.Begin(part);
            var isWhole = await download.HoldAsync(LeastHeld, _mostHeld, cancellationToken).ConfigureAwait(false);
            var header = Part10Header.Read(download.Held.Span, isWhole).Header;
            if (header is not null && !IsAskedFor(header))
                return RequestOutcome.Refused(FailureCode.BadAnswer, "The server sent another instance than the one asked for.");
            var length = isWhole ? download.Held.Length
                : parts.IsSingle && response.Content is not GunzippedContent ? response.Content.Headers.ContentLength
                : null;
            Instance = new OpenedInstance(download, length);
            KeepsResponse = true;
            return outcome;
        }
        catch (Exception) when (download.Failure is not null && !cancellationToken.IsCancellationRequested)
        {
            return Failed(download.Failure);
        }
        finally
        {
            if (Instance is null)
                await download.DisposeAsync().ConfigureAwait(false);
        }
    }

    private bool IsAskedFor(Part10Header header) =>
        Is(header.StudyInstanceUid, request.StudyUid)
        && Is(header.SeriesInstanceUid, request.SeriesUid)
        && Is(header.SopInstanceUid, request.SopInstanceUid);

    private static bool Is(string? found, string? asked) => found is null || found == asked;
}
