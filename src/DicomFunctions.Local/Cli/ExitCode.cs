namespace DicomFunctions.Local.Cli;

/// <summary>What <c>dicomfn</c> tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary>Some inputs failed, or the job did.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command cannot be understood, or cannot be run here.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl+C; the job can be resumed.</summary>
    public const int Interrupted = 130;
}
