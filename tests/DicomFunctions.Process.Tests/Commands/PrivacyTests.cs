using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

public sealed class PrivacyTests
{
    [Theory]
    [InlineData("Information")]
    [InlineData("Debug")]
    public async Task Nothing_of_a_patient_is_logged_when_things_go_well_or_badly(string level)
    {
        const string Name = "Secretname^Some";
        using var folder = new TempFolder();
        var files = Directory.CreateDirectory(folder.Combine("files")).FullName;
        var first = Path.Combine(files, $"{Name}.dcm");
        var other = Path.Combine(files, $"{Name}-2.dcm");
        await File.WriteAllBytesAsync(first, SmallFiles.Bytes(0));
        // Other bytes under the same UIDs: a conflict.
        await File.WriteAllBytesAsync(other, [.. SmallFiles.Bytes(0)[..^2], 1, 2]);
        await using var emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        await emulator.SetFaultsAsync(Stores.Rows, new { unavailableRate = 1.0 });
        await using var serve = await ServeProcess.StartAsync(
            folder.Combine("data"),
            new Dictionary<string, string>(Faulty.Client)
            {
                ["Logging__LogLevel__Default"] = level,
                ["DicomFunctions__DicomWeb__MaxAttempts"] = "2",
            },
            "--base-url", emulator.Url, "--store", Stores.Files,
            "--subscription", "projects/p/subscriptions/files", "--pubsub-url", emulator.Url[..^3]);

        var upload = await serve.SubmitAsync(
            "api/upload", JsonSerializer.Serialize(
                new { destination = Stores.Files, inputs = new[] { first, other, first + ".none" }.Select(path => "file:" + path) }));
        var search = await serve.SubmitAsync(
            "api/search", $"[{Stores.Request("studies", $"\"PatientName\":\"{Name}\"")},{{\"PatientName\":\"{Name}\"}}]");
        await serve.CompletesAsync(upload);
        await serve.CompletesAsync(search);
        var dropped = Path.Combine(folder.Combine("data"), "drop", "incoming", $"{Name}.dcm");
        File.Move(other, dropped);
        await Eventually.HoldsAsync(() => !File.Exists(dropped), "the dropped file is worked");
        Assert.Equal(404, await RawHttp.SendAsync(serve.Http.BaseAddress!, "GET", $"/api/jobs/{Name}"));
        Assert.Equal(400, await RawHttp.SendAsync(serve.Http.BaseAddress!, "GET", $"/api/jobs?before={Name}"));
        await serve.Process.InterruptAsync();
        await serve.Process.ExitedAsync();

        Assert.Equal(0, serve.Process.ExitCode);
        var said = serve.Process.Error;
        Assert.DoesNotContain("Secretname", said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("2.25.7", said, StringComparison.Ordinal);
        Assert.DoesNotContain("PatientName", said, StringComparison.Ordinal);
        Assert.DoesNotContain(".dcm", said, StringComparison.Ordinal);
    }
}
