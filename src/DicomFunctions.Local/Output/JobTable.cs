using System.Globalization;
using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Local.Output;

/// <summary>Jobs as tables.</summary>
internal static class JobTable
{
    private static readonly string[] Columns = ["ID", "KIND", "STATE", "INPUTS", "SUCCEEDED", "FAILED", "NOT ATTEMPTED", "RATE", "TIME"];

    /// <summary>A row for each job.</summary>
    public static void Write(IEnumerable<JobView> jobs) => TextTable.Write(Columns, jobs.Select(Row));

    /// <summary>Everything about one job, a row for each thing.</summary>
    public static void WriteDetails(JobView job)
    {
        var rows = Columns.Zip(Row(job)).Select(cell => (string[])[cell.First.ToLowerInvariant(), cell.Second]).ToList();
        Add("created", job.CreatedAt.ToString("u", CultureInfo.InvariantCulture));
        Add("finished", job.Summary?.FinishedAt.ToString("u", CultureInfo.InvariantCulture));
        Add("time left", JobText.Left(job));
        Add("destination", job.Destination);
        Add("server", (job.BaseUrl ?? job.ServiceRoot)?.AbsoluteUri);
        Add("retry of", job.RetryOf);
        Add("failure", job.Failure);
        TextTable.Write(["", ""], rows.Where(row => row[1].Length > 0));

        void Add(string name, string? value) => rows.Add([name, value ?? ""]);
    }

    private static string[] Row(JobView job) =>
    [
        job.Id,
        job.Kind is { } kind ? JobText.Word(kind) : "",
        JobText.Word(job.State),
        Number(job.Progress.Total),
        Number(job.Progress.Succeeded),
        Number(job.Progress.Failed),
        Number(job.Progress.NotAttempted),
        JobText.Rate(job),
        job.Summary is { } summary ? JobText.Duration(summary.FinishedAt - summary.StartedAt) : "",
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
