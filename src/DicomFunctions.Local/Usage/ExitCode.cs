namespace DicomFunctions.Local.Usage;

/// <summary>The exit codes of <c>dicomfn</c>.</summary>
internal static class ExitCode
{
    /// <summary>Everything succeeded.</summary>
    public const int Ok = 0;

    /// <summary>Some inputs failed, or the job did.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command is invalid, or cannot run here.</summary>
    public const int Usage = 2;

    /// <summary>Interrupted by Ctrl+C; the job can be resumed.</summary>
    public const int Interrupted = 130;
}
