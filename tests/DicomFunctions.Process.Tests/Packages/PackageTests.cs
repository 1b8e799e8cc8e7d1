using System.IO.Compression;
using DicomFunctions.Process.Tests.Support;

namespace DicomFunctions.Process.Tests.Packages;

/// <summary>What a release publishes is what users need: installed and compiled from the packages alone.</summary>
public sealed class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private const string Store = "projects/my-project/locations/europe-west4/datasets/dicom/dicomStores/main";

    [Fact]
    public async Task The_tool_installed_into_an_empty_folder_uploads_a_series_and_finds_it()
    {
        await PackageFeed.RunAsync(
            feed.Feed, "tool", "install", "dicomfn", "--tool-path", feed.Combine("tool"), "--version", PackageFeed.Version,
            "--source", feed.Feed);
        var dicomfn = feed.Combine("tool/dicomfn");
        await using var emulator = await EmulatorProcess.StartAsync();

        string[] server = ["--base-url", emulator.Url, "--store", Store, "--data", "data"];

        await PackageFeed.RunProgramAsync(dicomfn, feed.Feed, "phantom", "images");
        var upload = await PackageFeed.RunProgramAsync(dicomfn, feed.Feed, ["upload", .. server, "images"]);
        var search = await PackageFeed.RunProgramAsync(dicomfn, feed.Feed, ["search", .. server, "--level", "instances"]);

        var readme = await File.ReadAllTextAsync(Repository.Path("README.md"));
        Assert.Contains("\ndotnet tool install --global dicomfn\n", readme, StringComparison.Ordinal);
        Assert.Equal(16, Lines(upload).Length);
        Assert.Equal(16, Assert.Single(Lines(search)).Split("\"00080018\"").Length - 1);
    }

    [Fact]
    public async Task The_library_example_compiles_against_the_package_and_stores_finds_and_retrieves()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--store", Store);
        var images = feed.Combine("series");
        await DicomFn.RunAsync("phantom", images);
        await File.WriteAllTextAsync(Path.Combine(images, "notes.txt"), "not an image");

        var output = await feed.RunExampleAsync("library", emulator.Url, images);

        Assert.Equal(["16 of 17 files stored", "200: 1 studies found", "200: 16 files retrieved"], Lines(output));
    }

    [Fact]
    public async Task A_client_and_a_credential_of_ones_own_replace_the_default_ones()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--store", Store);

        var output = await feed.RunExampleAsync("custom", emulator.Url);

        Assert.Equal(["credential: a-token", "with it: 204", "client: 204"], Lines(output));
    }

    [Fact]
    public void The_packages_say_their_licence_and_bring_what_they_need()
    {
        foreach (var (name, file) in new[]
        {
            ("DicomFunctions.Core", "lib/net10.0/DicomFunctions.Dictionary.dll"), ("dicomfn", "tools/net10.0/any/dicomfn.dll"),
        })
        {
            using var package = ZipFile.OpenRead(Path.Combine(feed.Feed, $"{name}.{PackageFeed.Version}.nupkg"));
            using var manifest = new StreamReader(package.GetEntry($"{name}.nuspec")!.Open());

            Assert.Contains("<license type=\"expression\">Apache-2.0</license>", manifest.ReadToEnd(), StringComparison.Ordinal);
            Assert.NotNull(package.GetEntry(file));
            Assert.NotNull(package.GetEntry("README.md"));
        }
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
