using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>The hook of azd on Windows does what the shell's does.</summary>
public sealed class PowerShellHookTests
{
    private static readonly Dictionary<string, string> Values = new()
    {
        ["AZURE_RESOURCE_GROUP"] = "rg-dicom",
        ["FUNCTION_APP_NAME"] = "func-dicom",
        ["EVENT_TOPIC_NAME"] = "evgt-dicom",
    };

    [PwshFact]
    public async Task Both_hooks_make_the_same_call()
    {
        var (_, shell, _) = await RunAsync("sh", ["infra/azure/after-deploy.sh"], Values);
        var (exitCode, powerShell, error) = await RunAsync(
            Tool.Pwsh.Path!, ["-NoProfile", "-File", "infra/azure/after-deploy.ps1"], Values);

        Assert.True(exitCode == 0, error);
        Assert.NotEmpty(shell);
        Assert.Equal(shell, powerShell);
    }

    [PwshFact]
    public async Task Without_a_value_it_says_which_and_calls_nothing()
    {
        var (exitCode, calls, error) = await RunAsync(
            Tool.Pwsh.Path!, ["-NoProfile", "-File", "infra/azure/after-deploy.ps1"], new(Values) { ["EVENT_TOPIC_NAME"] = "" });

        Assert.NotEqual(0, exitCode);
        Assert.Contains("EVENT_TOPIC_NAME: is empty", error, StringComparison.Ordinal);
        Assert.Empty(calls);
    }

    private static async Task<(int ExitCode, string Calls, string Error)> RunAsync(
        string program, string[] arguments, Dictionary<string, string> values)
    {
        using var fake = new TempFolder();
        File.CreateSymbolicLink(fake.Combine("az"), Path.Combine(AppContext.BaseDirectory, "fake-tool.sh"));
        var (exitCode, _, error) = await Tool.RunAsync(program, arguments, Repository.Path(""), new Dictionary<string, string>(values)
        {
            ["FAKE"] = fake.Path,
            ["PATH"] = $"{fake.Path}:{Environment.GetEnvironmentVariable("PATH")}",
        });
        var calls = fake.Combine("calls");
        return (exitCode, File.Exists(calls) ? await File.ReadAllTextAsync(calls) : "", error);
    }
}
