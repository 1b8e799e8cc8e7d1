using System.Text.RegularExpressions;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>
/// The container and the unit by their content; the workflow in <c>.github</c> builds the image and waits until it is healthy.
/// </summary>
public sealed partial class ContainerTests
{
    private static readonly string Dockerfile = Repository.Text("Dockerfile");
    private static readonly string Compose = Repository.Text("compose.yaml");
    private static readonly string Unit = Repository.Text("packaging/systemd/dicomfn.service");

    [Fact]
    public void The_image_runs_as_no_root_and_says_whether_it_is_healthy()
    {
        var last = Dockerfile.Split("\nFROM ")[^1];

        Assert.Contains("\nUSER $APP_UID\n", last, StringComparison.Ordinal);
        Assert.Contains("\nHEALTHCHECK ", last, StringComparison.Ordinal);
        Assert.Contains("/api/health", last, StringComparison.Ordinal);
        Assert.True(last.IndexOf("\nUSER ", StringComparison.Ordinal) < last.IndexOf("\nENTRYPOINT ", StringComparison.Ordinal));
        Assert.DoesNotContain("sdk", last, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_the_image_is_built_from_exists_and_nothing_else_is_sent_to_the_build()
    {
        var kept = Repository.Text(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();

        Assert.Contains("src", kept);
        Assert.All(kept.Where(path => !path.Contains('*', StringComparison.Ordinal)), path => Assert.True(
            Path.Exists(Repository.Path(path)), $".dockerignore keeps {path}, which does not exist."));
        Assert.StartsWith("*\n", string.Join('\n', Repository.Text(".dockerignore").Split('\n').Where(line => !line.StartsWith('#'))));
        Assert.All(
            Published().Matches(Dockerfile), match => Assert.True(Directory.Exists(Repository.Path(match.Groups["project"].Value))));
    }

    /// <summary>Each service of the compose file is as closed as the unit.</summary>
    [Fact]
    public void The_services_have_no_privileges_and_are_reached_from_this_machine_alone()
    {
        var services = Service().Matches(Compose).Select(match => match.Value).ToList();

        Assert.Equal(2, services.Count);
        Assert.All(services, service =>
        {
            Assert.Contains("read_only: true", service, StringComparison.Ordinal);
            Assert.Contains("cap_drop: [ALL]", service, StringComparison.Ordinal);
            Assert.Contains("no-new-privileges:true", service, StringComparison.Ordinal);
        });
        Assert.Equal(
            ["127.0.0.1:7071:7071"],
            Port().Matches(Compose).Select(match => match.Groups["port"].Value));
    }

    [Theory]
    [InlineData("User=dicomfn")]
    [InlineData("UMask=0077")]
    [InlineData("NoNewPrivileges=yes")]
    [InlineData("CapabilityBoundingSet=")]
    [InlineData("ProtectSystem=strict")]
    [InlineData("ProtectHome=yes")]
    [InlineData("PrivateTmp=yes")]
    [InlineData("PrivateDevices=yes")]
    [InlineData("RestrictNamespaces=yes")]
    [InlineData("SystemCallFilter=@system-service")]
    [InlineData("KillSignal=SIGINT")]
    [InlineData("StateDirectory=dicomfn")]
    public void The_unit_closes_what_the_host_does_not_need(string setting) =>
        Assert.Contains($"\n{setting}\n", Unit, StringComparison.Ordinal);

    [SystemdFact]
    public async Task Systemd_finds_the_unit_well_protected()
    {
        var (exitCode, output, error) = await Tool.RunAsync(
            "systemd-analyze", ["security", "--offline=true", "--threshold=20", "packaging/systemd/dicomfn.service"], Repository.Path(""));

        Assert.True(exitCode == 0, output + error);
    }

    [GeneratedRegex(@"publish (?<project>\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Published();

    [GeneratedRegex(@"^  \w+:\n    build: \.\n(    .*\n|\n(?=    ))+", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Service();

    [GeneratedRegex(@"ports: \[""(?<port>[^""]+)""\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Port();
}
