using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>A job that ended, written into the store as its files, which is faster than to run it.</summary>
internal sealed record StoredJob
{
    private static readonly Random Random = new(7);

    public DateTimeOffset At { get; init; } = DateTimeOffset.UtcNow.AddMinutes(-10);

    public JobKind Kind { get; init; } = JobKind.Search;

    /// <summary>Completed or cancelled; null: it has no summary, and no engine runs it.</summary>
    public JobStatus? State { get; init; } = JobStatus.Completed;

    public long Inputs { get; init; } = 10;

    public IReadOnlyList<FailureCount> Failures { get; init; } = [];

    public long Failed { get; init; }

    public TimeSpan Took { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Its parts, as a summary has them; null: one of all its records.</summary>
    public IReadOnlyList<long[]>? Parts { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The lines of its parts.</summary>
    public IReadOnlyList<string> Records { get; init; } = [];

    /// <summary>Writes it, and gives its id.</summary>
    public string AddTo(CoreHost host)
    {
        string id;
        lock (Random)
            id = JobId.Create(At, Random);
        var files = new JobFiles(id);
        Write(files.Spec, JsonSerializer.SerializeToUtf8Bytes(
            new JobSpec
            {
                Id = id,
                Kind = Kind,
                CreatedAt = At,
                BufferSize = 8,
                MaxWorkers = 5,
                Inputs = Inputs,
                Labels = Labels,
                SubmittedBy = "ward 3",
                Destination = Kind == JobKind.Upload ? CoreHost.Store.ToString() : null,
                BaseUrl = new Uri("https://healthcare.googleapis.com/v1"),
            },
            JobJson.Default.JobSpec));
        IReadOnlyList<long[]> parts = Parts ?? (Records.Count > 0 ? [[Records.Count, Failed, (long)Took.TotalMilliseconds]] : []);
        var from = 0;
        foreach (var (number, part) in parts.Index())
        {
            var lines = Records.Skip(from).Take((int)part[0]).Select(line => line + "\n");
            Write(files.Part(number), Encoding.UTF8.GetBytes(string.Concat(lines)));
            from += (int)part[0];
        }

        if (State is not { } state)
            return id;
        Write(files.Summary, JsonSerializer.SerializeToUtf8Bytes(
            new JobSummary
            {
                Id = id,
                Kind = Kind,
                State = state,
                Inputs = Inputs,
                Succeeded = Inputs - Failed,
                Failed = Failed,
                NotAttempted = 0,
                NotAttemptedInputs = [],
                Statuses = new Dictionary<string, long>(),
                Attempts = Inputs,
                Bytes = 524_288 * Inputs,
                Failures = Failures,
                Parts = parts.Count,
                PartRecords = parts,
                CreatedAt = At,
                StartedAt = At,
                FinishedAt = At + Took,
                Rate = Math.Round(Inputs / Took.TotalSeconds, 2),
                Labels = Labels,
                SubmittedBy = "ward 3",
            },
            JobJson.Default.JobSummary));
        return id;

        void Write(string name, byte[] content)
        {
            var path = host.Folder.Combine("store", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }
}
