using System.Diagnostics;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Packages;

/// <summary>A folder with the packages of this build, and whatever is made of them.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    /// <summary>Unlike any package that was ever restored on this machine.</summary>
    public const string Version = "0.0.1-test";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    private readonly TempFolder _folder = new();

    public string Feed => _folder.Combine("feed");

    public string Combine(string name) => _folder.Combine(name);

    public async Task InitializeAsync()
    {
        foreach (var project in new[] { "DicomFunctions.Core", "DicomFunctions.Local" })
        {
            await RunAsync(
                Repository.Path("src", project),
                "pack", "-c", Configuration, "--no-build", "-o", Feed, $"-p:MinVerVersionOverride={Version}");
        }
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Copies an example, restores it from the feed and runs it.</summary>
    internal async Task<string> RunExampleAsync(string name, string address, params string[] arguments)
    {
        var folder = Combine(name);
        Directory.CreateDirectory(folder);
        foreach (var file in new[] { "Program.cs", $"{name}.csproj" })
            File.Copy(Repository.Path("examples", name, file), Path.Combine(folder, file));
        await RunAsync(
            folder, "build", "-v", "quiet", "--disable-build-servers", $"-p:RestoreAdditionalProjectSources={Feed}",
            // The packages of this machine serve as they are; only those of the feed are unpacked, and to here.
            $"-p:RestorePackagesPath={Combine("packages")}", $"-p:RestoreFallbackFolders={Packages}");
        return await RunAsync(folder, [Path.Combine("bin", "Debug", "net10.0", $"{name}.dll"), address, .. arguments]);
    }

    /// <summary>Runs <c>dotnet</c> to its end, and gives what it printed.</summary>
    internal static Task<string> RunAsync(string folder, params string[] arguments) => RunProgramAsync("dotnet", folder, arguments);

    /// <summary>Runs a program to its end, without credentials, and gives what it printed.</summary>
    internal static async Task<string> RunProgramAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DicomFunctions__Authorization__Mode"] = "None";
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Deadline);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{await output}\n{await error}");
        return await output;
    }

    private static string Configuration => Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(DicomFn.Program)!)!);

    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
