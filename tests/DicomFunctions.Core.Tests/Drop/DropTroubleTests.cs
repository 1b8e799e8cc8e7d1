using System.Diagnostics;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DicomFunctions.Core.Tests.Drop;

/// <summary>
/// That one file's trouble is one file's: whatever clearing it away throws, the others are cleared away, and none is sent again and again.
/// </summary>
public sealed class DropTroubleTests
{
    public static TheoryData<Exception> Troubles =>
    [
        new ObjectStoreException("The store does not want to."),
        new ObjectDeniedException("The object is leased."),
        new ArgumentException("No such name."),
        new IOException("Whatever."),
        new InvalidOperationException("A defect."),
    ];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task A_failed_file_that_cannot_be_moved_is_left_with_its_error_and_sent_again_only_when_it_changes(Exception trouble)
    {
        await using var host = await DropHost.StartAsync();
        for (var i = 0; i < 40; i++)
            await host.PutTextAsync($"drop/incoming/{i:D2}.txt");
        host.Objects.Fault = (member, name) => member == "MoveAsync" && name == "drop/incoming/00.txt" ? trouble : null;
        await host.DropAsync();

        Assert.Equal(["drop/incoming/00.txt"], await host.ListAsync("drop/incoming/"));
        Assert.Equal(79, (await host.ListAsync("drop/failed/")).Count);
        var error = JsonNode.Parse(await host.ReadTextAsync("drop/failed/00.txt.error.json"))!;
        Assert.Equal(("drop/incoming/00.txt", "not_dicom"), ((string?)error["source"], (string?)error["error"]!["code"]));
        Assert.Equal(trouble is ObjectStoreException ? trouble.Message : trouble.GetType().Name, (string?)error["left"]);

        await host.DropAsync();
        Assert.Single(await host.JobsAsync());

        host.Objects.IsDown = false;
        await host.DropAsync();
        Assert.Single(await host.JobsAsync());

        await host.PutDicomAsync("drop/incoming/00.txt", "1.2.1");
        await host.DropAsync();
        Assert.Equal(["1.2.1"], host.Server.Stored.Keys);
        Assert.Equal(78, (await host.ListAsync("drop/")).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stored_file_that_cannot_be_cleared_away_is_left_with_its_error_and_not_stored_again(bool isArchived)
    {
        await using var host = await DropHost.StartAsync(("Drop:Archive", isArchived ? "true" : "false"));
        await host.PutDicomAsync("drop/incoming/a/1.dcm", "1.2.1");
        await host.PutDicomAsync("drop/incoming/a/2.dcm", "1.2.2");
        host.Objects.Fault = (member, name) =>
            member is "MoveAsync" or "DeleteAsync" && name == "drop/incoming/a/1.dcm" ? new ObjectDeniedException("It is leased.") : null;
        await host.DropAsync();
        await host.DropAsync();

        Assert.Equal(["drop/incoming/a/1.dcm"], await host.ListAsync("drop/incoming/"));
        var error = JsonNode.Parse(await host.ReadTextAsync("drop/failed/a/1.dcm.error.json"))!;
        Assert.Equal((true, "It is leased."), ((bool)error["success"]!, (string?)error["left"]));
        Assert.Single(await host.JobsAsync());
        Assert.Equal(2, host.Server.Stored.Count);
    }

    [Fact]
    public async Task Files_that_are_left_are_logged_once_by_their_number_and_not_by_their_names()
    {
        using var log = new LogLines();
        await using var host = await DropHost.StartAsync(services => services.AddSingleton<ILoggerProvider>(log));
        foreach (var name in new[] { "DOE^JANE.dcm", "ROE^RICHARD.dcm" })
            await host.PutTextAsync("drop/incoming/" + name);
        host.Objects.Fault = (member, name) => member == "MoveAsync" ? new IOException($"Cannot move {name}.") : null;
        for (var i = 0; i < 3; i++)
            await host.DropAsync();

        var line = Assert.Single(log.Lines, line => line.Contains("dropped files", StringComparison.Ordinal));
        Assert.StartsWith("2 dropped files of job ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(
            log.Lines, each => each.Contains("DOE", StringComparison.Ordinal) || each.Contains("ROE", StringComparison.Ordinal));
    }

    /// <summary>
    /// Not even an error can be written: then the next round comes later each time, and other files are cleared away all the same.
    /// </summary>
    [Fact]
    public async Task A_file_that_can_be_neither_moved_nor_marked_is_tried_less_and_less_often()
    {
        await using var host = await DropHost.StartAsync();
        var clock = (SkippingTimeProvider)host.Services.GetRequiredService<TimeProvider>();
        await host.PutTextAsync("drop/incoming/bad.txt");
        var rounds = 0;
        host.Objects.Fault = (member, name) =>
        {
            rounds += member == "PutAsync" && name.EndsWith("/summary.json", StringComparison.Ordinal) ? 1 : 0;
            return rounds < 5 && member == "PutAsync" && name.StartsWith("drop/failed/", StringComparison.Ordinal)
                ? new ObjectDeniedException("permission denied")
                : null;
        };
        await host.DropAsync();

        Assert.Equal([5d, 10, 20, 40], clock.Waits.Select(wait => wait.TotalSeconds).Where(seconds => seconds >= 5));
        Assert.Equal(5, (await host.JobsAsync()).Count);
        Assert.Equal(["drop/failed/bad.txt", "drop/failed/bad.txt.error.json"], await host.ListAsync("drop/"));
    }

    [Fact]
    public async Task More_files_than_are_taken_for_their_own_trouble_are_the_stores_and_the_engine_tries_again()
    {
        await using var host = await DropHost.StartAsync();
        for (var i = 0; i < 150; i++)
            await host.PutTextAsync($"drop/incoming/{i:D3}.txt");
        host.Objects.Fault = (member, name) =>
        {
            return member is "PutAsync" && name.StartsWith("drop/failed/", StringComparison.Ordinal)
                && host.Engine.Executions.Count(activity => activity == "SettleDrop") < 2
                ? new ObjectStoreException("The disk is full.")
                : null;
        };
        await host.DropAsync();
        Assert.Equal(2, host.Engine.Executions.Count(activity => activity == "SettleDrop"));
        Assert.Single(await host.JobsAsync());
        Assert.Empty(await host.ListAsync("drop/incoming/"));
    }

    [Fact]
    public async Task Out_of_memory_is_the_hosts_trouble_and_no_files_error()
    {
        await using var host = await DropHost.StartAsync();
        await host.PutTextAsync("drop/incoming/a.txt");
        var times = 0;
        host.Objects.Fault = (member, _) => member == "MoveAsync" && ++times == 1 ? new OutOfMemoryException() : null;
        await host.DropAsync();
        Assert.Equal(2, host.Engine.Executions.Count(activity => activity == "SettleDrop"));
        Assert.Equal(["drop/failed/a.txt", "drop/failed/a.txt.error.json"], await host.ListAsync("drop/"));
        Assert.DoesNotContain("left", await host.ReadTextAsync("drop/failed/a.txt.error.json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a/b.txt")]
    [InlineData("a/b.txt", "a")]
    [InlineData("x/y/z", "x/y/z/b.txt")]
    [InlineData("x/y/z/deep/b.txt", "x/y")]
    [InlineData("x", "x/y/z.txt")]
    [InlineData("a.txt.error.json/c", "a.txt")]
    public async Task Failed_a_file_and_a_folder_of_one_name_are_both_kept_and_hold_up_no_other(string kept, string dropped)
    {
        await using var host = await DropHost.StartAsync();
        await host.PutTextAsync("drop/failed/" + kept, "kept");
        await host.PutTextAsync("drop/incoming/" + dropped, "dropped");
        await host.PutTextAsync("drop/incoming/other.txt", "other");
        await host.DropAsync();

        Assert.Empty(await host.ListAsync("drop/incoming/"));
        Assert.Equal("kept", await host.ReadTextAsync("drop/failed/" + kept));
        Assert.Equal("other", await host.ReadTextAsync("drop/failed/other.txt"));
        var moved = Assert.Single(
            await host.ListAsync("drop/failed/"),
            name => name != "drop/failed/" + kept
                && !name.EndsWith(".error.json", StringComparison.Ordinal) && name != "drop/failed/other.txt");
        Assert.Equal("dropped", await host.ReadTextAsync(moved));
        var error = JsonNode.Parse(await host.ReadTextAsync(moved + ".error.json"))!;
        Assert.Equal("drop/incoming/" + dropped, (string?)error["source"]);
        Assert.Equal(5, (await host.ListAsync("drop/")).Count);
    }

    [Theory]
    [InlineData("a", "a/b.dcm")]
    [InlineData("a/b.dcm", "a")]
    [InlineData("x/y/z/deep/b.dcm", "x/y")]
    [InlineData("x", "x/y/z.dcm")]
    public async Task Archived_a_file_and_a_folder_of_one_name_are_both_kept(string kept, string dropped)
    {
        await using var host = await DropHost.StartAsync(("Drop:Archive", "true"));
        await host.PutTextAsync("drop/archive/" + kept, "kept");
        await host.PutDicomAsync("drop/incoming/" + dropped, "1.2.1");
        await host.DropAsync();
        Assert.Equal("kept", await host.ReadTextAsync("drop/archive/" + kept));
        Assert.Equal(2, (await host.ListAsync("drop/archive/")).Count);
        Assert.Equal(2, (await host.ListAsync("drop/")).Count);
    }

    [Theory]
    [InlineData("somebody else's")]
    [InlineData("""{"source":"drop/incoming/other.dcm","success":false,"error":{"code":"x"}}""")]
    [InlineData("""{"source":"drop/incoming/a.txt","success":true}""")]
    [InlineData("""{"source":5}""")]
    public async Task An_error_file_of_the_users_own_is_neither_replaced_nor_removed(string content)
    {
        await using var host = await DropHost.StartAsync();
        const string Users = "drop/failed/a.txt.error.json";
        await host.PutTextAsync(Users, content);
        await host.PutTextAsync("drop/incoming/a.txt");
        await host.DropAsync();
        Assert.Equal(content, await host.ReadTextAsync(Users));
        Assert.Equal(3, (await host.ListAsync("drop/")).Count);

        await host.PutDicomAsync("drop/incoming/a.txt", "1.2.1");
        await host.DropAsync();
        Assert.Equal(["1.2.1"], host.Server.Stored.Keys);
        Assert.Equal(content, await host.ReadTextAsync(Users));
        Assert.Equal(3, (await host.ListAsync("drop/")).Count);
    }

    [Fact]
    public async Task An_error_of_ours_from_an_earlier_build_goes_once_its_file_is_stored()
    {
        await using var host = await DropHost.StartAsync();
        await host.PutTextAsync(
            "drop/failed/a.dcm.error.json",
            """{"source":"drop/incoming/a.dcm","success":false,"status":"x","error":{"code":"not_dicom"}}""");
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.1");
        await host.DropAsync();
        Assert.Empty(await host.ListAsync("drop/"));
    }

    /// <summary>Renaming one link to a file over another does nothing.</summary>
    [Fact]
    public async Task Failed_another_link_to_a_failed_file_is_moved_like_any_file_of_its_name()
    {
        await using var host = await DropHost.StartAsync();
        await host.PutTextAsync("drop/incoming/a.txt");
        await host.DropAsync();
        var folder = host.Folder.Combine("store", "drop");
        using (var link = Process.Start("ln", [Path.Combine(folder, "failed", "a.txt"), Path.Combine(folder, "incoming", "a.txt")]))
            await link.WaitForExitAsync();
        Assert.Single(await host.ListAsync("drop/incoming/"));
        await host.DropAsync();
        Assert.Empty(await host.ListAsync("drop/incoming/"));
        Assert.Equal(4, (await host.ListAsync("drop/failed/")).Count);
        Assert.Equal(2, (await host.JobsAsync()).Count);
    }

    /// <summary>As an execution leaves it that died between a copy and the deletion of what it copied.</summary>
    [Fact]
    public async Task Settle_repeated_after_a_copy_was_made_makes_no_second_copy()
    {
        await using var host = await DropHost.StartAsync();
        await host.PutTextAsync("drop/incoming/a.txt");
        var times = 0;
        host.Objects.Fault = (member, _) =>
        {
            if (member == "MoveAsync" && ++times == 1)
            {
                host.PutTextAsync("drop/failed/a.txt").GetAwaiter().GetResult();
                return new OutOfMemoryException();
            }

            return null;
        };
        await host.DropAsync();
        Assert.Equal(["drop/failed/a.txt", "drop/failed/a.txt.error.json"], await host.ListAsync("drop/"));
    }
}
