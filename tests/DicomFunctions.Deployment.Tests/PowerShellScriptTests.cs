using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary><c>run.ps1</c> and <c>test.ps1</c>, under PowerShell, with fakes for what they call.</summary>
public sealed class PowerShellScriptTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public PowerShellScriptTests()
    {
        foreach (var script in new[] { "run", "run.ps1", "test.ps1" })
            File.Copy(Repository.Path(script), _folder.Combine(script));
        Directory.CreateDirectory(_folder.Combine("artifacts", "dicomfn"));
        Directory.CreateDirectory(_folder.Combine("bin"));
        var fake = Path.Combine(AppContext.BaseDirectory, "fake-tool.sh");
        File.CreateSymbolicLink(_folder.Combine("bin", "dotnet"), fake);
        File.CreateSymbolicLink(_folder.Combine("artifacts", "dicomfn", "dicomfn"), fake);
    }

    public void Dispose() => _folder.Dispose();

    [PwshFact]
    public async Task Run_builds_and_starts_the_same_as_the_shells()
    {
        foreach (var arguments in new string[][] { [], ["--once", "series"], ["--data", "elsewhere"] })
        {
            var shell = await CallsAsync("bash", [_folder.Combine("run"), .. arguments]);
            var powerShell = await CallsAsync(Tool.Pwsh.Path!, Script("run.ps1", arguments));

            Assert.Equal(2, shell.Length);
            Assert.Equal(shell.Select(call => call.Replace("\\", "/", StringComparison.Ordinal)), powerShell);
        }
    }

    [PwshFact]
    public async Task Test_counts_what_the_projects_report_and_fails_if_one_ran_nothing()
    {
        foreach (var name in new[] { "A.Tests", "B.Tests" })
        {
            Directory.CreateDirectory(_folder.Combine("tests", name));
            await File.WriteAllTextAsync(_folder.Combine("tests", name, $"{name}.csproj"), "");
        }

        // A copy of something executable, with another content.
        var dotnet = _folder.Combine("bin", "dotnet");
        File.Delete(dotnet);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "fake-tool.sh"), dotnet);
        await File.WriteAllTextAsync(
            dotnet,
            """
            #!/bin/sh
            case $* in *B.Tests*) exit 0 ;; esac
            printf '     Passed: 3\n    Skipped: 1\n'

            """);

        var one = await RunAsync(Tool.Pwsh.Path!, Script("test.ps1", "A"));
        var both = await RunAsync(Tool.Pwsh.Path!, Script("test.ps1"));

        Assert.Equal((0, "3 passed, 0 failed, 1 skipped"), (one.ExitCode, one.Output.Trim().Split('\n')[^1].Trim()));
        Assert.Equal((1, "3 passed, 1 failed, 1 skipped"), (both.ExitCode, both.Output.Trim().Split('\n')[^1].Trim()));
    }

    /// <summary>PowerShell is itself started by <c>dotnet</c>, so only the script finds the fake one.</summary>
    private string[] Script(string name, params string[] arguments) =>
    [
        "-NoProfile", "-Command",
        $"$env:PATH = '{_folder.Combine("bin")}:' + $env:PATH; & '{_folder.Combine(name)}' {string.Join(' ', arguments)}; "
            + "exit $LASTEXITCODE",
    ];

    private async Task<string[]> CallsAsync(string program, string[] arguments)
    {
        File.Delete(_folder.Combine("calls"));
        var (exitCode, _, error) = await RunAsync(program, arguments);
        Assert.True(exitCode == 0, error);
        return await File.ReadAllLinesAsync(_folder.Combine("calls"));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string program, string[] arguments) =>
        Tool.RunAsync(program, arguments, _folder.Path, new Dictionary<string, string>
        {
            ["FAKE"] = _folder.Path,
            ["PATH"] = (program == "bash" ? $"{_folder.Combine("bin")}:" : "") + Environment.GetEnvironmentVariable("PATH"),
        });
}
