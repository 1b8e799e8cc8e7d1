using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Events;

[Collection(Alone.Name)]
public sealed class EventTests
{
    [Fact]
    public async Task The_end_of_a_job_is_told_and_what_was_not_taken_is_told_by_the_next_process()
    {
        await using var receiver = await EventReceiver.StartAsync();
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetSyntheticAsync(Stores.Rows, rows: 1, rowBytes: 400);
        using var folder = new TempFolder();
        var isAway = true;
        receiver.Before = context =>
        {
            if (!isAway)
                return Task.FromResult(false);
            context.Response.StatusCode = 503;
            return Task.FromResult(true);
        };
        var settings = new Dictionary<string, string>(Faulty.Client)
        {
            ["DicomFunctions__Events__Url"] = receiver.Url,
            ["DicomFunctions__Events__Secret"] = EventReceiver.Secret,
            ["DicomFunctions__Events__HostUrl"] = "https://dicom.example.org",
        };

        string first;
        await using (var serve = await ServeProcess.StartAsync(folder.Path, settings, "--base-url", emulator.Url, "--store", Stores.Rows))
        {
            first = await serve.SubmitAsync("api/search", Stores.Request("studies", ""));
            await serve.CompletesAsync(first);
            var process = serve.Process;
            await Eventually.HoldsAsync(() => process.Error.Contains("It answered 503.", StringComparison.Ordinal), "the event is refused");
            Assert.DoesNotContain(EventReceiver.Secret, serve.Process.Error, StringComparison.Ordinal);
        }

        Assert.Empty(receiver.Events);
        isAway = false;
        var command = await DicomFn.RunAsync(
            ["search", "--data", folder.Path, "--base-url", emulator.Url, "--store", Stores.Rows, "--level", "studies"], settings);
        Assert.True(command.ExitCode == 0, command.Error);

        await using (await ServeProcess.StartAsync(folder.Path, settings, "--base-url", emulator.Url, "--store", Stores.Rows))
            await Eventually.HoldsAsync(() => receiver.Ids.Distinct().Count() == 2, "both events are received");
        Assert.Equal(
            $"https://dicom.example.org/api/jobs/{first}",
            (string?)receiver.Events.First(told => (string?)told["subject"] == first)["data"]!["status_url"]);
        Assert.Empty(receiver.Refused);
    }

    [Theory]
    [InlineData("Url", "http://example.org/", "must be an https URL")]
    [InlineData("Topic", "https://example.org/", "only for the function app")]
    public async Task Settings_that_cannot_be_are_refused_at_the_start(string setting, string value, string problem)
    {
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string> { [$"DicomFunctions__Events__{setting}"] = value };
        await using var serve = ServeProcess.Begin(folder.Path, settings);
        await serve.Process.ExitedAsync();

        Assert.NotEqual(0, serve.Process.ExitCode);
        Assert.Contains(problem, serve.Process.Error, StringComparison.Ordinal);
    }
}
