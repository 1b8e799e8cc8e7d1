namespace DicomFunctions.Core.Jobs;

/// <summary>
/// The labels of jobs: words of the submitter's by which jobs are found. They are shown and logged, so no names of patients.
/// </summary>
internal static class JobLabels
{
    /// <summary>The most labels of a job.</summary>
    public const int MaxCount = 8;

    /// <summary>The most characters of a label.</summary>
    public const int MaxLength = 64;

    /// <summary>Why these cannot be a job's labels; null if they can.</summary>
    public static string? ProblemOf(IReadOnlyCollection<string>? labels) =>
        labels is null ? null
        : labels.Count > MaxCount ? $"A job has at most {MaxCount} labels."
        : labels.All(IsValid) ? null
        : $"A label has 1 to {MaxLength} of the characters A-Z, a-z, 0-9, '.', '_', ':', '/' and '-'.";

    /// <summary>Whether a text can be a label.</summary>
    public static bool IsValid(string? label) =>
        label is { Length: >= 1 and <= MaxLength } && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '/' or '-');
}
