using System.Diagnostics;
using System.Reflection;
using System.Runtime.Versioning;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Contracts.Tests;

/// <summary>What eng/use-contracts makes of a package feed's answer, with a dotnet that gives it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UseContractsTests : IDisposable
{
    private static readonly string Repository = typeof(UseContractsTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryDirectory").Value!;

    private readonly TempFolder _folder = new();

    public UseContractsTests()
    {
        foreach (var file in (ReadOnlySpan<string>)["Directory.Packages.props", "eng/use-contracts", "eng/contracts/Contracts.props"])
        {
            var copy = Path.Combine(_folder.Path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository, file), copy);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "Restored.", "false")]
    [InlineData(0, "warning NU1603: Google.Cloud.PubSub.V1 depends on Grpc.Auth (>= 2.71.0) but Grpc.Auth 2.71.0 was not found.", "false")]
    [InlineData(1, "error NU1101: Unable to find package Google.Cloud.PubSub.V1.", "true")]
    [InlineData(1, "error NU1102: Unable to find package Google.Cloud.PubSub.V1 with version (>= 3.36.0)", "true")]
    public async Task The_feed_is_asked_once(int exitCode, string log, string expected)
    {
        await AnswerAsync(exitCode, log);

        Assert.Equal(expected, await AskAsync());
        Assert.Equal(expected, await AskAsync());
        Assert.Single(await CallsAsync());
    }

    [Fact]
    public async Task A_feed_that_does_not_answer_is_asked_again()
    {
        await AnswerAsync(1, "error NU1301: Unable to load the service index.");
        Assert.Equal("true", await AskAsync());

        await AnswerAsync(0, "Restored.");
        Assert.Equal("false", await AskAsync());
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_set_UseContracts_wins(string value)
    {
        await AnswerAsync(value == "true" ? 0 : 1, "error NU1101");

        Assert.Equal(value, await AskAsync(value));
        Assert.Empty(await CallsAsync());
    }

    [Fact]
    public async Task Only_Pub_Sub_is_asked_for_below_the_repository_and_nothing_is_left_of_it()
    {
        await AnswerAsync(0, "Restored.");
        await AskAsync();

        var call = Assert.Single(await CallsAsync());
        Assert.StartsWith($"restore {_folder.Path}/eng/.probe.", call, StringComparison.Ordinal);
        Assert.Equal("<PackageReference Include=\"Google.Cloud.PubSub.V1\" />", (await File.ReadAllTextAsync(Fake("references"))).Trim());
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_folder.Path, "eng"), ".probe.*"));
    }

    private string Fake(string name) => Path.Combine(_folder.Path, "fake", name);

    private async Task AnswerAsync(int exitCode, string log)
    {
        Directory.CreateDirectory(Fake(""));
        await File.WriteAllTextAsync(
            Fake("dotnet"),
            $"""
             #!/bin/bash
             echo "$*" >>"{Fake("calls")}"
             grep PackageReference "$2" >"{Fake("references")}"
             echo "{log}"
             exit {exitCode}
             """);
        File.SetUnixFileMode(Fake("dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    private async Task<string[]> CallsAsync() => File.Exists(Fake("calls")) ? await File.ReadAllLinesAsync(Fake("calls")) : [];

    private async Task<string> AskAsync(string useContracts = "")
    {
        var start =
            new ProcessStartInfo("/bin/bash", [Path.Combine(_folder.Path, "eng", "use-contracts")]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{Fake("")}:/usr/bin:/bin";
        start.Environment["UseContracts"] = useContracts;
        using var script = Process.Start(start)!;
        var output = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();
        Assert.Equal(0, script.ExitCode);
        return output.Trim();
    }
}
