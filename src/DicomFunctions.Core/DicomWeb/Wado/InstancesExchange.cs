using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>Retrieves instances one after another.</summary>
/// <param name="target">The URL of a study, a series or an instance.</param>
/// <param name="accept">The media type to request.</param>
/// <param name="startsOver">Whether another attempt may be made once an instance was given.</param>
/// <param name="give">Receives each instance; false to read no further, which is a failure.</param>
internal sealed class InstancesExchange(
    Uri target, string accept, bool startsOver, Func<Stream, CancellationToken, ValueTask<bool>> give)
    : WadoExchange(target, accept)
{
    /// <summary>The number of instances in the last answer.</summary>
    public int Instances { get; private set; }

    /// <summary>The number of instances given, over all attempts.</summary>
    public long Given { get; private set; }

    public override bool MayRepeat => startsOver || Given == 0;

    public override async ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        Instances = 0;
        var (answer, outcome) = await BeginAsync(response, idle, cancellationToken).ConfigureAwait(false);
        if (answer is not { } parts)
            return outcome;
        using (parts)
        {
            try
            {
                return await ReadPartsAsync(parts, outcome, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (parts.Failure is not null)
            {
                return Failed(parts.Failure);
            }
        }
    }

    private async ValueTask<RequestOutcome> ReadPartsAsync(
        AnswerParts parts, RequestOutcome whole, CancellationToken cancellationToken)
    {
        while (await parts.NextAsync().ConfigureAwait(false) is { } part)
        {
            if (Refuse(part) is { } refusal)
                return refusal;
            if (!await GiveAsync(parts, part, cancellationToken).ConfigureAwait(false))
                return RequestOutcome.Refused(FailureCode.BadAnswer, "The answer was not read to its end.");
            Instances++;
            Given++;
        }

        await parts.FinishAsync().ConfigureAwait(false);
        return whole;
    }

    private async ValueTask<bool> GiveAsync(AnswerParts parts, AnswerPart part, CancellationToken cancellationToken)
    {
        try
        {
            if (!await give(part, cancellationToken).ConfigureAwait(false))
                return false;
        }
        catch (Exception exception) when (parts.Failure is null && !cancellationToken.IsCancellationRequested)
        {
            OwnFailure = exception;
            throw;
        }

        // One who did not see that the part broke off does not make it whole.
        await parts.SkipPartAsync().ConfigureAwait(false);
        return true;
    }
}
