using System.Text.RegularExpressions;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

public sealed partial class WorkflowTests
{
    private static readonly string All = Repository.Text(".github/workflows", "*.yml");

    /// <summary>A tag can be moved to other code; a commit cannot.</summary>
    [Fact]
    public void Every_action_is_pinned_by_its_commit_and_names_its_version()
    {
        var uses = Use().Matches(All).Select(match => match.Value.Trim()).ToList();

        Assert.True(uses.Count > 15);
        Assert.All(uses, use => Assert.Matches(@"^(- )?uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", use));
        Assert.All(
            uses.Select(use => use.Split("uses: ")[1].Split('@')).GroupBy(use => use[0]),
            action => Assert.Single(action.Select(use => use[1]).Distinct()));
    }

    [Fact]
    public void Each_workflow_has_no_permission_it_does_not_name()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Path(".github/workflows"), "*.yml"))
            Assert.Contains("\npermissions:\n  contents: read\n", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_and_projects_that_the_workflows_name_exist()
    {
        var names = Script().Matches(All).Select(match => match.Value).Where(name => !name.Contains('$', StringComparison.Ordinal));
        var scripts = Directory.EnumerateFiles(Repository.Path("eng"))
            .Where(file => File.ReadAllText(file).StartsWith("#!/usr/bin/env bash", StringComparison.Ordinal))
            .Select(file => $"eng/{Path.GetFileName(file)}");

        Assert.All(names, name => Assert.True(
            Path.Exists(Repository.Path(name)), $"A workflow names {name}, which does not exist."));
        Assert.All(scripts, script => Assert.Contains(script, All, StringComparison.Ordinal));
    }

    [Fact]
    public void A_release_has_everything_it_promises()
    {
        var release = Repository.Text(".github/workflows/release.yml");

        foreach (var part in new[]
        {
            "dotnet pack src/DicomFunctions.Core", "dotnet pack src/DicomFunctions.Local",
            "eng/archives artifacts/release linux-x64 linux-arm64 osx-arm64 win-x64",
            "CycloneDX", "SHA256SUMS", "sbom: true", "platforms: linux/amd64,linux/arm64", "fetch-depth: 0",
        })
        {
            Assert.Contains(part, release, StringComparison.Ordinal);
        }

        Assert.Equal(4, Ecosystem().Count(Repository.Text(".github/dependabot.yml")));
    }

    [Fact]
    public void The_licence_has_its_id_and_the_address_of_its_text()
    {
        var licence = Repository.Text("LICENSE");

        Assert.Contains("SPDX-License-Identifier: Apache-2.0", licence, StringComparison.Ordinal);
        Assert.Contains("https://www.apache.org/licenses/LICENSE-2.0", licence, StringComparison.Ordinal);
        Assert.Contains("<PackageLicenseExpression>Apache-2.0<", Repository.Text("src/Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains("## Unreleased", Repository.Text("CHANGELOG.md"), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^ +(- )?uses: .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Use();

    [GeneratedRegex(@"(?<=[ ""])(eng|src|tests|infra|packaging)/[\w./$-]+", RegexOptions.ExplicitCapture)]
    private static partial Regex Script();

    [GeneratedRegex("package-ecosystem:")]
    private static partial Regex Ecosystem();
}
