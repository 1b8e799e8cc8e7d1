using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Readme;

/// <summary>What <c>docs/local.md</c> tells its reader to type works as it is written, whatever else answers.</summary>
[Collection(Alone.Name)]
public sealed class LocalPageTests : IDisposable
{
    private static readonly List<string[]> Commands =
        [.. File.ReadLines(Repository.Path("docs", "local.md")).Where(line => line.StartsWith("dicomfn ", StringComparison.Ordinal))
            .Select(line => line.TrimEnd('&', ' ').Split(' ')[1..])];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_first_command_serves_though_neither_the_store_nor_the_subscription_can_be_reached()
    {
        var nowhere = new Dictionary<string, string>
        {
            ["DicomFunctions__DicomWeb__BaseUrl"] = "http://127.0.0.1:1/v1",
            ["DicomFunctions__Notifications__BaseUrl"] = "http://127.0.0.1:1",
            ["DicomFunctions__Authorization__Mode"] = "None",
        };
        Assert.Equal("serve", Commands[0][0]);

        await using var serve = await ServeProcess.StartAsync(_folder.Path, nowhere, Commands[0][1..]);

        Assert.True(await serve.IsHealthyAsync());
    }

    [Fact]
    public async Task Its_emulator_takes_the_series_it_uploads()
    {
        Assert.Equal(["emulator", "upload"], Commands[1..].Select(command => command[0]));
        Assert.Equal("--url", Commands[1][1]);
        var address = Commands[1][2];
        await using var emulator = await EmulatorProcess.StartAsync(Commands[1][3..]);
        await DicomFn.RunAsync("phantom", _folder.Combine("series"));

        var upload = await DicomFn.RunAsync(
        [
            .. Commands[2].Select(word => word == $"{address}/v1" ? emulator.Url : word == "series" ? _folder.Combine("series") : word),
            "--data", _folder.Combine("data"),
        ]);

        Assert.True(upload.ExitCode == 0, upload.Error);
        Assert.Equal(16, upload.Lines.Length);
    }
}
