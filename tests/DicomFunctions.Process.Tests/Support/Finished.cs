namespace DicomFunctions.Process.Tests.Support;

/// <summary>A command that has ended.</summary>
internal sealed record Finished(int ExitCode, string Output, string Error, long PeakBytes)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
