using System.Diagnostics;
using System.Reflection;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.App.Tests;

public sealed class PublishTests
{
    [ContractsFact]
    public async Task Publish_contracts_build_is_refused_with_the_reason()
    {
        using var output = new TempFolder();
        var repository = typeof(PublishTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "RepositoryDirectory").Value!;
        using var publish = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "publish",
                Path.Combine(repository, "src", "DicomFunctions"),
                "--no-build",
                "-nodeReuse:false",
                "-p:UseContracts=true",
                "--output",
                output.Path,
            },
            RedirectStandardOutput = true,
        })!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();

        Assert.NotEqual(0, publish.ExitCode);
        Assert.Contains(
            "error CONTRACTS: DicomFunctions was built against the contract of Google.Cloud.PubSub.V1", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(output.Path));
    }
}
