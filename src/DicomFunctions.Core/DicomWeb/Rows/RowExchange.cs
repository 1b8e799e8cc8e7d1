using System.Net;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Rows;

/// <summary>Requests DICOM JSON and reads the rows of the answer, its data sets, as they arrive.</summary>
/// <param name="target">The URL.</param>
/// <param name="level">The level whose UIDs identify the rows.</param>
/// <param name="options">The limits.</param>
/// <param name="sink">Receives the rows that are taken.</param>
internal abstract class RowExchange(Uri target, DicomJsonLevel level, DicomWebOptions options, IDicomJsonSink sink) : Exchange
{
    /// <summary>The limits.</summary>
    protected DicomWebOptions Options => options;

    public override HttpRequestMessage CreateRequest(IdleTimer idle)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target)
        {
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Version = HttpVersion.Version20,
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/dicom+json");
        return request;
    }

    public override bool Understands(int statusCode) => statusCode is 200 or 204 or 206;

    public override async ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        Begin(response);
        var code = (int)response.StatusCode;
        if (code == 204)
            return RequestOutcome.Succeeded(code);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            try
            {
                return await ReadRowsAsync(body, response, idle, cancellationToken).ConfigureAwait(false);
            }
            catch (JsonException exception)
            {
                return RequestOutcome.Refused(
                    FailureCode.BadAnswer,
                    $"The server answered {code} with {response.Content.Headers.ContentType?.MediaType ?? "no content type"}, "
                    + $"which is not DICOM JSON: {exception.Message}");
            }
        }
    }

    /// <summary>An answer begins: of the first attempt or of another.</summary>
    protected abstract void Begin(HttpResponseMessage response);

    /// <summary>Whether to write a row of the answer. Sets <paramref name="refusal"/>, a reason, to read no further.</summary>
    protected abstract bool Takes(ReadOnlySpan<byte> row, in DicomJsonRow found, out string? refusal);

    /// <summary>Why an answer of endless length is not read further.</summary>
    protected abstract string TooManyBytes { get; }

    private async ValueTask<RequestOutcome> ReadRowsAsync(
        Stream body, HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        var code = (int)response.StatusCode;
        var window = new RowWindow(response.Content.Headers.ContentLength);
        try
        {
            var scanner = new DicomJsonRowScanner(level);
            var received = 0L;
            while (true)
            {
                if (window.IsFull && !window.TryGrow(Options.MaxRowBytes))
                    return TooLong();
                var read = await body.ReadAsync(window.Free, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return scanner.IsComplete || (scanner.IsBlank && response.HasEnd())
                        ? RequestOutcome.Succeeded(code)
                        : RequestOutcome.Broken("The answer broke off.");
                }

                idle.Received(read);
                if ((received += read) > Options.MaxBytes)
                    return RequestOutcome.Refused(FailureCode.OverLimit, TooManyBytes);
                window.Advance(read);
                while (window.TryRead(ref scanner, out var row, out var bytes))
                {
                    if (row.Length > Options.MaxRowBytes)
                        return TooLong();
                    var takes = Takes(bytes.Span, row, out var refusal);
                    if (refusal is not null)
                        return RequestOutcome.Refused(FailureCode.OverLimit, refusal);
                    if (!takes)
                        continue;
                    var write = WriteAsync(bytes, cancellationToken);
                    if (!write.IsCompletedSuccessfully)
                    {
                        idle.Pause();
                        await WrittenAsync(write).ConfigureAwait(false);
                        idle.Resume();
                    }
                }
            }
        }
        finally
        {
            window.Return();
        }
    }

    private ValueTask WriteAsync(ReadOnlyMemory<byte> row, CancellationToken cancellationToken)
    {
        try
        {
            return sink.WriteAsync(row, cancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    private async ValueTask WrittenAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            OwnFailure = exception;
            throw;
        }
    }

    private RequestOutcome TooLong() =>
        RequestOutcome.Refused(FailureCode.OverLimit, $"A data set in the answer is larger than {Options.MaxRowBytes} bytes.");
}
