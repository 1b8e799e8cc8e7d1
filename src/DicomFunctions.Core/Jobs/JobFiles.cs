using System.Globalization;

namespace DicomFunctions.Core.Jobs;

/// <summary>The names of one job's files in the object store.</summary>
public readonly record struct JobFiles
{
    /// <summary>The folder all jobs live in.</summary>
    public const string Root = "jobs";

    private readonly string _folder;

    /// <exception cref="ArgumentException">The id is not a job's.</exception>
    public JobFiles(string id)
    {
        if (!JobId.IsValid(id))
            throw new ArgumentException("This is not the id of a job.", nameof(id));
        _folder = $"{Root}/{JobId.Day(id)}/{id}";
    }

    /// <summary>What every file of the job begins with.</summary>
    public string Prefix => _folder + "/";

    /// <summary>The spec as accepted. Its presence means accepted.</summary>
    public string Spec => _folder + "/job.json";

    /// <summary>The sources as given, before patterns and folders are expanded; uploads of files only.</summary>
    public string Given => _folder + "/given.ndjson";

    /// <summary>The inputs, one JSON value a line.</summary>
    public string Input => _folder + "/input.ndjson";

    /// <summary>The offset of every input's line and the end of the last: 64-bit little-endian numbers.</summary>
    public string InputIndex => _folder + "/input.idx";

    /// <summary>The wish to stop.</summary>
    public string Cancel => _folder + "/cancel";

    /// <summary>Where the job can go on from: the workflow's state after the last committed part.</summary>
    public string Checkpoint => _folder + "/checkpoint.json";

    /// <summary>Written last; its presence means finished.</summary>
    public string Summary => _folder + "/summary.json";

    /// <summary>What every results file begins with.</summary>
    public string Results => _folder + "/results/";

    /// <summary>The records of one leg.</summary>
    public string Part(int number) => string.Create(CultureInfo.InvariantCulture, $"{_folder}/results/{number:D5}.ndjson");

    /// <summary>The bytes of an upload that came with the request.</summary>
    public string Body(int number) => string.Create(CultureInfo.InvariantCulture, $"{_folder}/bodies/{number:D5}.dcm");

    /// <summary>Whether an object is a file that came with the request.</summary>
    public bool IsBody(string name) => name.StartsWith($"{_folder}/bodies/", StringComparison.Ordinal);
}
