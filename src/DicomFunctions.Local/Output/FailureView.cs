using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Local.Hosting;

namespace DicomFunctions.Local.Output;

/// <summary>Says on standard error why inputs failed: a line for each reason, with an example.</summary>
internal static class FailureView
{
    /// <summary>So many failed records are looked at; more of them have the same reasons.</summary>
    private const int MostLooked = 100_000;

    private static readonly ResultsQuery Records = new(ResultFormat.Ndjson, [], IsRaw: false);

    /// <summary>Reads a job's failed records and says why they failed.</summary>
    /// <param name="jobs">Where the job is.</param>
    /// <param name="id">The job.</param>
    /// <param name="again">The options that name the same jobs in another command.</param>
    /// <param name="isVerbose">Whether each failed input is told.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async Task ShowAsync(IJobHost jobs, string id, string again, bool isVerbose, CancellationToken cancellationToken)
    {
        var reasons = new FailureReasons();
        using var reader = new FailureReader(failure =>
        {
            reasons.Add(failure);
            if (isVerbose)
                Console.Error.WriteLine(Line(failure));
        });
        var filter = new RecordFilter { Success = false, Count = MostLooked };
        await jobs.CopyResultsAsync(id, filter, Records, reader, cancellationToken).ConfigureAwait(false);
        Write(reasons);
        await Console.Error.WriteLineAsync(
            $"All of them: dicomfn jobs results {id} --success false{again}\nTo run them again: dicomfn jobs retry {id}{again}")
            .ConfigureAwait(false);
    }

    /// <summary>A line for each reason.</summary>
    public static void Write(FailureReasons reasons)
    {
        if (reasons.Count == 0)
            return;
        Console.Error.WriteLine("Why inputs failed:");
        var width = reasons.List.Max(reason => reason.Code.Length);
        foreach (var reason in reasons.List)
        {
            var count = FormattableString.Invariant($"{reason.Count} {(reason.Count == 1 ? "input" : "inputs, such as")}");
            Console.Error.WriteLine(Printable.Of($"  {reason.Code.PadRight(width)}  {count} {reason.Example}: {reason.Message}"));
        }
    }

    public static string Line(FailedInput failure) => Printable.Of($"{failure.Input}: {failure.Message} ({failure.Code})");
}
