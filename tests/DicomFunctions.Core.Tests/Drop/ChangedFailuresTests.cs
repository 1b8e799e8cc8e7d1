using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Drop;

/// <summary>What is written to a file after it went to <c>drop/failed</c>.</summary>
public sealed class ChangedFailuresTests
{
    [Fact]
    public async Task A_writer_that_stalls_has_its_file_stored_once_it_is_whole()
    {
        await using var host = await DropHost.StartAsync();
        var file = Some.DicomFile(instance: "1.2.1");
        Directory.CreateDirectory(host.Folder.Combine("store", "drop", "incoming", "ward"));
        await using (var writer = File.Create(host.Folder.Combine("store", "drop", "incoming", "ward", "a.dcm")))
        {
            await WriteAsync(writer, file.AsMemory(0, 50));
            await host.DropAsync();
            Assert.Equal(["drop/failed/ward/a.dcm", "drop/failed/ward/a.dcm.error.json"], await host.ListAsync("drop/"));
            Assert.Equal(0, await TakeBackAsync(host));

            // Once for each change: it fails again, and comes back again.
            await WriteAsync(writer, file.AsMemory(50, 50));
            Assert.Equal(1, await TakeBackAsync(host));
            Assert.Equal(["drop/incoming/ward/a.dcm"], await host.ListAsync("drop/"));
            await host.DropAsync();
            Assert.Equal(2, (await host.ListAsync("drop/failed/")).Count);
            Assert.Equal(0, await TakeBackAsync(host));
            await WriteAsync(writer, file.AsMemory(100));
        }

        Assert.Equal(1, await TakeBackAsync(host));
        await host.DropAsync();
        Assert.Equal(["1.2.1"], host.Server.Stored.Keys);
        Assert.Empty(await host.ListAsync("drop/"));
    }

    [Fact]
    public async Task After_a_restart_what_changed_meanwhile_goes_back_and_nothing_else()
    {
        await using var host = await DropHost.StartAsync();
        foreach (var name in new[] { "a.txt", "b.txt", "long/" + new string('n', 255) })
            await host.PutTextAsync("drop/incoming/" + name);
        await host.PutTextAsync("drop/failed/users.txt", "put there by hand, without an error");
        await host.DropAsync();
        var before = await host.ListAsync("drop/");
        await File.AppendAllTextAsync(host.Folder.Combine("store", "drop", "failed", "b.txt"), "more");
        await File.AppendAllTextAsync(host.Folder.Combine("store", "drop", "failed", "users.txt"), "more");

        Assert.Equal(1, await New(host).TakeBackAsync(CancellationToken.None));

        Assert.Equal(
            before.Where(name => !name.Contains("b.txt", StringComparison.Ordinal)).Append("drop/incoming/b.txt"),
            await host.ListAsync("drop/"));
        Assert.Equal(0, await New(host).TakeBackAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_file_whose_name_is_taken_in_incoming_goes_back_under_another()
    {
        await using var host = await DropHost.StartAsync();
        await host.PutTextAsync("drop/incoming/a.dcm");
        await host.DropAsync();
        await host.PutDicomAsync("drop/failed/a.dcm", "1.2.1");
        await host.PutDicomAsync("drop/incoming/a.dcm", "1.2.2");
        Assert.Equal(1, await TakeBackAsync(host));
        Assert.Equal(2, (await host.ListAsync("drop/incoming/")).Count);
        await host.DropAsync();
        Assert.Equal(["1.2.1", "1.2.2"], host.Server.Stored.Keys.Order());
        Assert.Empty(await host.ListAsync("drop/"));
    }

    [Fact]
    public async Task One_that_cannot_be_taken_back_stops_no_other_and_is_tried_again()
    {
        await using var host = await DropHost.StartAsync();
        foreach (var name in new[] { "a.txt", "b.txt" })
            await host.PutTextAsync("drop/incoming/" + name);
        await host.DropAsync();
        await host.PutTextAsync("drop/failed/a.txt", "changed");
        await host.PutTextAsync("drop/failed/b.txt", "changed");
        host.Objects.Fault = (member, name) => member == "MoveAsync" && name == "drop/failed/a.txt" ? new IOException("no") : null;
        Assert.Equal(1, await TakeBackAsync(host));
        host.Objects.IsDown = false;
        Assert.Equal(1, await TakeBackAsync(host));
    }

    private static async Task WriteAsync(FileStream writer, ReadOnlyMemory<byte> bytes)
    {
        await writer.WriteAsync(bytes);
        await writer.FlushAsync();
    }

    private static ChangedFailures New(CoreHost host) => ActivatorUtilities.CreateInstance<ChangedFailures>(host.Services);

    private static Task<int> TakeBackAsync(CoreHost host) =>
        host.Services.GetRequiredService<ChangedFailures>().TakeBackAsync(CancellationToken.None);
}
