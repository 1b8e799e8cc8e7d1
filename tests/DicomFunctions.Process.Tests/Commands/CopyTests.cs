using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary><c>dicomfn upload</c> of instances of another store, and of another server that settings name.</summary>
public sealed class CopyTests : IDisposable
{
    private const int Files = 60;
    private const string Other = "projects/p/locations/l/datasets/d/dicomStores/other";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Instances_are_copied_from_store_to_store_and_from_server_to_server()
    {
        await using var source = await EmulatorProcess.StartAsync();
        await using var target = await EmulatorProcess.StartAsync();
        SmallFiles.Write(_folder.Combine("files"), Files);
        string[] data = ["--data", _folder.Combine("data")];
        var filled = await DicomFn.RunAsync(
            ["upload", .. data, "--base-url", source.Url, "--store", Stores.Files, _folder.Combine("files")]);
        var settings = new Dictionary<string, string>(Faulty.Client)
        {
            ["DicomFunctions__Sources__DicomWeb__PACS__Url"] = $"{source.Url}/{Stores.Files}/dicomWeb",
        };

        var within = await DicomFn.RunAsync(
            ["upload", .. data, "--base-url", source.Url, "--store", Other, $"dicomweb:{Stores.Files}/dicomWeb/studies"]);
        var between = await DicomFn.RunAsync(
            [
                "upload", .. data, "--base-url", target.Url, "--store", Stores.Files, "dicomweb:pacs/series?Modality=OT",
                "dicomweb:none/studies",
            ],
            settings);

        Assert.Equal((0, Files), (filled.ExitCode, filled.Lines.Length));
        Assert.Equal((0, Files), (within.ExitCode, within.Lines.Length));
        Assert.Equal((1, Files + 1), (between.ExitCode, between.Lines.Length));
        await SmallFiles.AssertHoldsAsync(source, Other, Files);
        await SmallFiles.AssertHoldsAsync(target, Stores.Files, Files);
        Assert.All(
            between.Lines.Select(line => JsonElement.Parse(line)).Where(record => record.GetProperty("success").GetBoolean()),
            record => Assert.StartsWith(
                "dicomweb:pacs/studies/2.25.7.0/series/", record.GetProperty("source").GetString(), StringComparison.Ordinal));
        Assert.Contains("No server of that name is configured", between.Output, StringComparison.Ordinal);
    }
}
