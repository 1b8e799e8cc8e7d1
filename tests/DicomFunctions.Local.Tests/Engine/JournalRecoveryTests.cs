using System.Numerics;
using System.Text;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Workflow;
using Xunit;

namespace DicomFunctions.Local.Tests.Engine;

public sealed class JournalRecoveryTests : IDisposable
{
    private static readonly string[] Inputs = ["1", "2", "3"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_journal_torn_at_any_byte_continues_from_its_last_whole_line()
    {
        var journal = await JournalOfHeldInstanceAsync();
        var lineEnds = Enumerable.Range(0, journal.Length).Where(i => journal[i] == '\n').ToArray();
        Assert.Equal(3, lineEnds.Length); // the start, and two activities
        for (var cut = 0; cut <= journal.Length; cut++)
        {
            var script = Steps();
            WriteJournal($"cut{cut}", journal.AsSpan(0, cut));
            await using var engine = await EngineUnderTest.StartAsync(_folder.Combine($"cut{cut}"), script);
            var status = await engine.EndOfAsync("a");

            var lines = lineEnds.Count(end => end < cut);
            Assert.Equal(lines == 0 ? null : WorkflowState.Completed, status?.State);
            Assert.Equal(lines == 0 ? [] : Inputs.Skip(lines - 1), script.Ran);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_journal_damaged_before_its_end_fails_its_instance_and_no_other(int line)
    {
        var journal = await JournalOfHeldInstanceAsync();
        WriteJournal("damaged", await JournalOfHeldInstanceAsync("sound"), "sound");
        var start = line == 1 ? 0 : Array.IndexOf(journal, (byte)'\n') + 1;
        journal[start + 30] ^= 1;
        WriteJournal("damaged", journal);
        await using var engine = await EngineUnderTest.StartAsync(_folder.Combine("damaged"), Steps());

        var status = await engine.EndOfAsync("a");
        Assert.Equal((WorkflowState.Failed, $"The journal is damaged at line {line}."), (status!.State, status.Failure));
        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("sound"))!.State);
    }

    [Fact]
    public async Task A_start_damaged_after_it_was_acknowledged_is_a_failure_not_a_loss()
    {
        var journal = await JournalOfHeldInstanceAsync();
        var startLine = journal[..(Array.IndexOf(journal, (byte)'\n') + 1)];
        startLine[30] ^= 1;
        WriteJournal("damaged", startLine);
        await using var engine = await EngineUnderTest.StartAsync(_folder.Combine("damaged"), Steps());

        Assert.Equal(WorkflowState.Failed, (await engine.EndOfAsync("a"))!.State);
    }

    [Theory]
    [InlineData("folder", "The journal is not a file.")]
    [InlineData("pipe", "The journal is not a file.")]
    [InlineData("link", "The journal is not a file.")]
    [InlineData("huge", "The journal is larger than 256 MiB.")]
    public async Task A_journal_that_cannot_be_read_fails_only_its_instance_and_is_moved_aside(string kind, string reason)
    {
        WriteJournal("damaged", await JournalOfHeldInstanceAsync("sound"), "sound");
        var path = _folder.Combine("damaged", "active", "a.00000000.journal");
        switch (kind)
        {
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "pipe":
                using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [path]))
                    await mkfifo.WaitForExitAsync();
                break;
            case "link":
                File.CreateSymbolicLink(path, "/proc/self/mem");
                break;
            default:
                await using (var file = File.Create(path))
                    file.SetLength(3L << 30);
                break;
        }

        for (var start = 0; start < 2; start++)
        {
            await using var engine = await EngineUnderTest.StartAsync(_folder.Combine("damaged"), Steps()).InTime();
            var status = await engine.EndOfAsync("a");
            Assert.Equal((WorkflowState.Failed, reason), (status!.State, status.Failure));
            Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("sound"))!.State);
            Assert.Equal(
                ["a.00000000.journal"], Directory.GetFileSystemEntries(_folder.Combine("damaged", "damaged")).Select(Path.GetFileName));
            Assert.True(await engine.StartAsync($"new{start}"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"damaged\"")]
    [InlineData("folder")]
    public async Task An_instance_whose_end_cannot_be_read_is_unknown_and_stops_no_other(string kind)
    {
        var path = _folder.Combine("damaged", "ended", "a.json");
        Directory.CreateDirectory(kind == "folder" ? path : Path.GetDirectoryName(path)!);
        if (kind != "folder")
            await File.WriteAllTextAsync(path, kind);
        WriteJournal("damaged", await JournalOfHeldInstanceAsync("sound"), "sound");
        await using var engine = await EngineUnderTest.StartAsync(_folder.Combine("damaged"), Steps());
        Assert.Null(await engine.GetAsync("a", default));
        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("sound"))!.State);
    }

    [Fact]
    public async Task A_journal_of_a_later_build_fails_its_instance_and_says_so()
    {
        const string Later = """{"kind":"start","version":2,"instance":"a","workflow":"Test","steps":[]""";
        var checksum = ~Encoding.UTF8.GetBytes(Later).Aggregate(uint.MaxValue, BitOperations.Crc32C);
        WriteJournal("later", Encoding.UTF8.GetBytes($"{Later},\"crc\":\"{checksum:x8}\"}}\n"));
        WriteJournal("later", await JournalOfHeldInstanceAsync("sound"), "sound");
        await using var engine = await EngineUnderTest.StartAsync(_folder.Combine("later"), Steps());

        var status = await engine.EndOfAsync("a");
        Assert.Equal(
            (WorkflowState.Failed, "The journal has version 2, from a later build; this build reads versions up to 1."),
            (status!.State, status.Failure));
        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("sound"))!.State);
    }

    [Fact]
    public async Task A_journal_under_another_instances_name_is_not_run()
    {
        WriteJournal("renamed", await JournalOfHeldInstanceAsync(), "b");
        var script = Steps();
        await using var engine = await EngineUnderTest.StartAsync(_folder.Combine("renamed"), script);

        Assert.Equal("The journal belongs to another instance.", (await engine.EndOfAsync("b"))!.Failure);
        Assert.Empty(script.Ran);
    }

    [Fact]
    public async Task A_journal_of_different_code_fails_its_instance_and_no_other()
    {
        var journal = await JournalOfHeldInstanceAsync();
        WriteJournal("changed", journal);
        var script = new TestScript().Workflow(async context =>
        {
            await context.CallAsync(TestScript.Act, "1");
            await context.CallAsync(TestScript.Other, "2");
        });
        await using var engine = await EngineUnderTest.StartAsync(_folder.Combine("changed"), script);
        await engine.StartAsync("b");

        var status = await engine.EndOfAsync("a");
        Assert.Equal(WorkflowState.Failed, status!.State);
        Assert.StartsWith(
            "The journal does not match the code: its call 2 is activity 'Act', which the code made as activity 'Other'.",
            status.Failure,
            StringComparison.Ordinal);
        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("b"))!.State);
    }

    [Fact]
    public async Task A_journal_of_a_workflow_that_no_longer_exists_fails_its_instance()
    {
        WriteJournal("gone", await JournalOfHeldInstanceAsync());
        var script = new TestScript().Workflow(_ => Task.CompletedTask, "Another");
        await using var engine = await EngineUnderTest.StartAsync(_folder.Combine("gone"), script);

        var status = await engine.EndOfAsync("a");
        Assert.Equal((WorkflowState.Failed, "There is no workflow named 'Test'."), (status!.State, status.Failure));
    }

    [Fact]
    public async Task Of_two_journals_the_newer_turn_counts_unless_it_never_began()
    {
        var script = new TestScript().Workflow(async (context, state) =>
        {
            await context.CallAsync(TestScript.Act, state);
            return state.Length < 3 ? WorkflowTurn.Continue(state + "x") : WorkflowTurn.Done(state);
        });
        script.Activity = (input, cancellationToken) => input == "x"
            ? EngineUnderTest.HoldAsync(cancellationToken)
            : Task.FromResult(input);
        await using (var engine = await EngineUnderTest.StartAsync(_folder.Combine("source"), script))
        {
            await engine.StartAsync("a");
            await Eventually.HoldsAsync(() => script.Times("x") == 1, "the second turn is running");
        }

        var second = await File.ReadAllBytesAsync(_folder.Combine("source", "active", "a.00000001.journal"));
        foreach (var (name, newer) in new (string, byte[])[] { ("both", second), ("torn", second[..20]), ("empty", []) })
        {
            WriteJournal(name, await StartJournalAsync(), "a", 0);
            WriteJournal(name, newer, "a", 1);
            var again = new TestScript().Workflow(async (context, state) =>
            {
                await context.CallAsync(TestScript.Act, state);
                return state.Length < 3 ? WorkflowTurn.Continue(state + "x") : WorkflowTurn.Done(state);
            });
            await using var engine = await EngineUnderTest.StartAsync(_folder.Combine(name), again);
            Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("a"))!.State);
            Assert.Equal(name == "both" ? ["x", "xx", "xxx"] : ["", "x", "xx", "xxx"], again.Ran);
            Assert.Empty(Directory.GetFiles(_folder.Combine(name, "active")));
        }

        async Task<byte[]> StartJournalAsync()
        {
            var held = new TestScript { Activity = (_, cancellationToken) => EngineUnderTest.HoldAsync(cancellationToken) };
            held.Workflow(context => context.CallAsync(TestScript.Act, ""));
            var folder = _folder.Combine(Path.GetRandomFileName());
            await using (var engine = await EngineUnderTest.StartAsync(folder, held))
                await engine.StartAsync("a");
            return await File.ReadAllBytesAsync(Path.Combine(folder, "active", "a.00000000.journal"));
        }
    }

    [Fact]
    public async Task A_copy_of_the_directory_taken_at_any_moment_reaches_the_same_end()
    {
        var script = Lanes();
        var random = new Random(20261122);
        var moments = Enumerable.Range(0, 12).Select(_ => random.Next(1, 350)).Order().ToArray();
        var copies = new List<string>();
        await using (var engine = await EngineUnderTest.StartAsync(_folder.Combine("source"), script))
        {
            for (var i = 0; i < 3; i++)
                Assert.True(await engine.StartAsync($"i{i}"));
            foreach (var moment in moments)
            {
                await Eventually.HoldsAsync(() => script.Ran.Count >= moment, $"{moment} activities have run");
                copies.Add(CopyOf(_folder.Combine("source"), _folder.Combine($"copy{copies.Count}")));
            }

            for (var i = 0; i < 3; i++)
                Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync($"i{i}"))!.State);
        }

        foreach (var copy in copies)
        {
            var again = Lanes();
            await using var engine = await EngineUnderTest.StartAsync(copy, again);
            for (var i = 0; i < 3; i++)
            {
                var status = await engine.EndOfAsync($"i{i}");
                Assert.Equal((WorkflowState.Completed, 120), (status!.State, status.Progress!.Succeeded));
            }
        }

        // Three turns of 40 calls each, ordinary and repeatable ones mixed; each turn counts the outcomes it receives.
        static TestScript Lanes() => new TestScript
        {
            Activity = async (input, _) =>
            {
                await Task.Yield();
                return input;
            },
        }.Workflow(async (context, state) =>
        {
            var (next, done) = (0, 0);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LaneAsync()));
            state += new string('x', done);
            context.ReportProgress(new JobProgress { Succeeded = state.Length });
            return state.Length < 120 ? WorkflowTurn.Continue(state) : WorkflowTurn.Done(state);

            async Task LaneAsync()
            {
                while (next < 40)
                {
                    var input = $"{context.InstanceId}/{state.Length}/{next++}";
                    if (await context.CallAsync(next % 5 == 0 ? TestScript.Act : TestScript.Repeatable, input) == input)
                        done++;
                }
            }
        });
    }

    private static string CopyOf(string source, string target)
    {
        // A crash sees all files at one moment; so does a copy if no file appeared or disappeared meanwhile.
        while (true)
        {
            var files = Directory.GetFiles(source, "*", SearchOption.AllDirectories).Order().ToArray();
            try
            {
                if (Directory.Exists(target))
                    Directory.Delete(target, recursive: true);
                foreach (var file in files.Where(file => Path.GetFileName(file) != "lock"))
                {
                    var copy = Path.Combine(target, Path.GetRelativePath(source, file));
                    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                    using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                    using var to = File.Create(copy);
                    from.CopyTo(to);
                }
            }
            catch (FileNotFoundException)
            {
                continue;
            }

            if (files.SequenceEqual(Directory.GetFiles(source, "*", SearchOption.AllDirectories).Order()))
                return target;
        }
    }

    private static TestScript Steps() => new TestScript().Workflow(async context =>
    {
        foreach (var input in Inputs)
            await context.CallAsync(TestScript.Act, input);
    });

    private async Task<byte[]> JournalOfHeldInstanceAsync(string id = "a")
    {
        var script = Steps();
        script.Activity = (input, cancellationToken) => input == "3"
            ? EngineUnderTest.HoldAsync(cancellationToken)
            : Task.FromResult(input);
        await using (var engine = await EngineUnderTest.StartAsync(_folder.Combine("held", id), script))
        {
            await engine.StartAsync(id);
            await Eventually.HoldsAsync(() => script.Times("3") == 1, "the last activity runs");
        }

        return await File.ReadAllBytesAsync(_folder.Combine("held", id, "active", $"{id}.00000000.journal"));
    }

    private void WriteJournal(string folder, ReadOnlySpan<byte> content, string id = "a", int turn = 0)
    {
        var directory = Directory.CreateDirectory(_folder.Combine(folder, "active"));
        File.WriteAllBytes(Path.Combine(directory.FullName, $"{id}.{turn:d8}.journal"), content);
    }
}
