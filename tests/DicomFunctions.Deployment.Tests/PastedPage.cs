using System.Diagnostics;
using DicomFunctions.Testing;

namespace DicomFunctions.Deployment.Tests;

/// <summary>
/// Pastes a page's commands into an interactive shell in a copy of the repository, with a fake for every tool that would use the network.
/// </summary>
internal sealed class PastedPage : IDisposable
{
    private static readonly string[] Tools = ["az", "azd", "terraform", "gcloud", "gsutil", "func", "dotnet", "npm", "curl"];
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();

    public PastedPage()
    {
        foreach (var folder in new[] { "infra/azure", "infra/gcp" })
        {
            Directory.CreateDirectory(Path.Combine(Root, folder));
            foreach (var file
                in Directory.EnumerateFiles(Repository.Path(folder))
                    .Where(file => !file.EndsWith(".auto.tfvars", StringComparison.Ordinal)))
            {
                File.Copy(file, Path.Combine(Root, folder, Path.GetFileName(file)));
            }
        }

        File.WriteAllText(Path.Combine(Root, "first.dcm"), "");
        Directory.CreateDirectory(Path.Combine(Fake, "bin"));
        foreach (var tool in Tools)
            File.CreateSymbolicLink(Path.Combine(Fake, "bin", tool), Path.Combine(AppContext.BaseDirectory, "fake-tool.sh"));
    }

    /// <summary>The copy of the repository.</summary>
    public string Root => Path.Combine(_folder.Path, "repository");

    private string Fake => Path.Combine(_folder.Path, "fake");

    /// <summary>Pastes the commands, and returns every call of a tool: its name, its folder, its arguments.</summary>
    /// <param name="commands">The commands to paste.</param>
    /// <param name="failAt">The number of the call that fails, from 1; 0: none.</param>
    /// <param name="silently">True if that call succeeds instead, but does and prints nothing.</param>
    public async Task<(IReadOnlyList<string[]> Calls, string Error)> RunAsync(string commands, int failAt = 0, bool silently = false)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        var start = new ProcessStartInfo("/bin/bash", ["--noprofile", "--norc", "--noediting", "-i"])
        {
            WorkingDirectory = Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value)
            in new[] { ("PATH", $"{Fake}/bin:/usr/bin:/bin"), ("HOME", _folder.Path), ("FAKE", Fake), ("PS1", ""), ("PS2", "") })
        {
            start.Environment[name] = value;
        }

        if (failAt > 0)
            start.Environment["FAIL_AT"] = $"{failAt}";
        if (silently)
            start.Environment["FAIL_SILENTLY"] = "1";
        using var shell = Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = shell.StandardError.ReadToEndAsync(timeout.Token);
        await shell.StandardInput.WriteAsync(commands);
        shell.StandardInput.Close();
        await Task.WhenAll(output, error);
        await shell.WaitForExitAsync(timeout.Token);
        var calls = Path.Combine(Fake, "calls");
        return (File.Exists(calls)
            ? [.. (await File.ReadAllLinesAsync(calls, timeout.Token)).Select(line => line.Split('\t'))]
            : [], await error);
    }

    public void Dispose() => _folder.Dispose();
}
