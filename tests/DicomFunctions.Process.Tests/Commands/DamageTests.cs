using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary>The command line on damaged, stuck and deleted jobs: a line that says what is wrong, and never a stack trace.</summary>
public sealed class DamageTests : IDisposable
{
    private const string Request = """{"project_id":"p","region":"l","dataset_id":"d","dicom_store_id":"s","search_type":"studies"}""";

    private readonly TempFolder _folder = new();

    private string Data => _folder.Combine("data");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("job.json")]
    [InlineData("summary.json")]
    public async Task A_damaged_job_is_listed_shown_and_deleted_and_the_others_are_as_they_were(string file)
    {
        var there = await SearchAsync();
        var id = await SearchAsync();
        var path = Path.Combine(Data, "jobs", id[..8], id, file);
        await File.WriteAllTextAsync(path, "{");

        var list = await RunAsync("list");
        Assert.Equal(
            [(id, "damaged"), (there, "completed")],
            list.Lines.Select(line => JsonElement.Parse(line))
                .Select(job => (job.GetProperty("id").GetString()!, job.GetProperty("state").GetString()!)));
        var shown = JsonElement.Parse((await RunAsync("show", id)).Output);
        Assert.StartsWith($"{file} is damaged", shown.GetProperty("failure").GetString(), StringComparison.Ordinal);
        Assert.Single((await RunAsync("results", id)).Lines);
        await RefusedAsync("is damaged", "retry", id);
        if (file == "job.json")
            await RefusedAsync("is damaged", "resume", id);
        Assert.Equal(0, (await RunAsync("delete", id)).ExitCode);
        await RefusedAsync("There is no such job.", "show", id);
        await RefusedAsync("There is no such job.", "delete", id);
        Assert.Single((await RunAsync("list")).Lines);
    }

    [Fact]
    public async Task A_job_that_was_left_under_way_ends_by_force_and_is_deleted()
    {
        // Takes connections, and never answers.
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var search = DicomFn.Start(
            ["search", "--data", Data, "--base-url", $"http://{server.LocalEndpoint}", "-i", await InputAsync(Request)]);
        await Eventually.HoldsAsync(server.Pending, "the job asks the server");
        await search.KillAsync();
        var id = Path.GetFileName(Directory.EnumerateDirectories(Path.Combine(Data, "jobs"), "*-*", SearchOption.AllDirectories).Single());

        await RefusedAsync("cancel", "delete", id);
        Assert.Equal(0, (await RunAsync("cancel", id, "--force")).ExitCode);
        Assert.Equal("failed", JsonElement.Parse((await RunAsync("show", id)).Output).GetProperty("state").GetString());
        Assert.Equal(0, (await RunAsync("delete", id)).ExitCode);
        Assert.Empty((await RunAsync("list")).Lines);
    }

    private Task<Finished> RunAsync(params string[] arguments) => DicomFn.RunAsync(["jobs", .. arguments, "--data", Data]);

    private async Task RefusedAsync(string reason, params string[] arguments)
    {
        var refused = await RunAsync(arguments);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>A search job of one input that is refused before anything is sent.</summary>
    private async Task<string> SearchAsync()
    {
        var input = await InputAsync("""{"search_type":"none"}""");
        var run = await DicomFn.RunAsync("search", "--data", Data, "--base-url", "http://127.0.0.1:1", "-i", input);
        Assert.True(run.ExitCode == 1, run.Error);
        return Directory.EnumerateDirectories(Path.Combine(Data, "jobs"), "*-*", SearchOption.AllDirectories)
            .Select(folder => Path.GetFileName(folder))
            .Max()!;
    }

    private async Task<string> InputAsync(string content)
    {
        var path = _folder.Combine("input.json");
        await File.WriteAllTextAsync(path, content);
        return path;
    }
}
