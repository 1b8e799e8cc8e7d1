using System.Globalization;

namespace DicomFunctions.Core.Jobs;

/// <summary>The names of one job's files in the object store.</summary>
internal readonly record struct JobFiles
{
    /// <summary>The folder of all jobs.</summary>
    public const string Root = "jobs";

    private readonly string _folder;

    /// <exception cref="ArgumentException">Not a job id.</exception>
    public JobFiles(string id)
    {
        if (!JobId.IsValid(id))
            throw new ArgumentException("Not a job id.", nameof(id));
        Id = id;
        _folder = $"{Root}/{JobId.Day(id)}/{id}";
    }

    /// <summary>The job's id.</summary>
    public string Id { get; }

    /// <summary>The prefix of all files of the job.</summary>
    public string Prefix => _folder + "/";

    /// <summary>The spec. The job is accepted once it exists.</summary>
    public string Spec => _folder + "/job.json";

    /// <summary>The sources as submitted, before patterns and folders are expanded; only of uploads.</summary>
    public string Given => _folder + "/given.ndjson";

    /// <summary>The inputs, one JSON value per line.</summary>
    public string Input => _folder + "/input.ndjson";

    /// <summary>The offset of each input's line, and the end of the last: 64-bit little-endian numbers.</summary>
    public string InputIndex => _folder + "/input.idx";

    /// <summary>The cancellation marker.</summary>
    public string Cancel => _folder + "/cancel";

    /// <summary>The workflow's state after the last committed part, from which the job can continue.</summary>
    public string Checkpoint => _folder + "/checkpoint.json";

    /// <summary>The summary, written last. The job is finished once it exists.</summary>
    public string Summary => _folder + "/summary.json";

    /// <summary>The prefix of all results files.</summary>
    public string Results => _folder + "/results/";

    /// <summary>The records of one leg.</summary>
    public string Part(int number) => string.Create(CultureInfo.InvariantCulture, $"{_folder}/results/{number:D5}.ndjson");

    /// <summary>Where the expansion of the sources stands after a run.</summary>
    internal string Expansion(ExpansionPoint point) => ExpansionFile(point.Run, point.Execution, "json");

    /// <summary>The patterns that a run of the expansion has found.</summary>
    internal string Found(int run, uint execution) => ExpansionFile(run, execution, "ndjson");

    /// <summary>A file that came with the request.</summary>
    public string Body(int number) => string.Create(CultureInfo.InvariantCulture, $"{_folder}/bodies/{number:D5}.dcm");

    /// <summary>What a long input has done so far.</summary>
    /// <param name="input">Identifies the input.</param>
    public string Progress(string input) => $"{_folder}/progress/{input}.ndjson";

    /// <summary>Whether an object is a file that came with the request.</summary>
    public bool IsBody(string name) => name.StartsWith($"{_folder}/bodies/", StringComparison.Ordinal);

    private string ExpansionFile(int run, long execution, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{_folder}/expansion/{run:D5}-{execution:x8}.{extension}");
}
