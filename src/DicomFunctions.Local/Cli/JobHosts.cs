using System.CommandLine;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Remote;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary>Opens the jobs that a command works with: a server's with <c>--server</c>, otherwise those of the data directory.</summary>
internal static class JobHosts
{
    /// <summary>Options that belong to the server's own settings.</summary>
    private static readonly Option[] OfServer = [CommonOptions.Data, CommonOptions.BaseUrl, CommonOptions.TokenFile];

    /// <summary>Whether the command works with the jobs of a server.</summary>
    public static bool IsRemote(ParseResult parsed) => parsed.GetValue(CommonOptions.Server) is not null;

    /// <summary>Opens jobs to run one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="settings">The settings for a data directory.</param>
    /// <param name="resumes">Which interrupted instances of a data directory to continue.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async Task<IJobHost> OpenAsync(
        ParseResult parsed,
        Func<Dictionary<string, string?>> settings,
        Func<string, bool> resumes,
        CancellationToken cancellationToken) =>
        TryOpenServer(parsed)
        ?? (IJobHost)await JobSession.OpenAsync(settings(), resumes, cancellationToken).ConfigureAwait(false);

    /// <summary>Opens jobs to look at them and to act on them, also while another process uses the data directory.</summary>
    public static async Task<IJobHost> OpenToReadAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        TryOpenServer(parsed)
        ?? (IJobHost)await JobSession.OpenToReadAsync(CommonOptions.Settings(parsed), cancellationToken).ConfigureAwait(false);

    /// <summary>The server; null if the command works with a data directory.</summary>
    /// <exception cref="UsageException">The options do not go together.</exception>
    public static RemoteJobs? TryOpenServer(ParseResult parsed)
    {
        var key = parsed.GetValue(CommonOptions.ApiKeyFile);
        if (parsed.GetValue(CommonOptions.Server) is not { } url)
        {
            return key is null && !parsed.GetValue(CommonOptions.AllowHttp)
                ? null
                : throw new UsageException("--api-key-file and --allow-http go with --server.");
        }

        if (OfServer.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } other)
            throw new UsageException($"With --server, its own settings count: leave out {other.Name}.");
        return RemoteJobs.Open(url, key?.FullName, parsed.GetValue(CommonOptions.AllowHttp));
    }
}
