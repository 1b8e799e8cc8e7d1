using System.Buffers;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;
using DicomFunctions.Local.Engine;
using DicomFunctions.Testing;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>Journals of the embedded engine, whole, torn and damaged: <see cref="JournalLine"/> and <see cref="JournalContent"/>.</summary>
public sealed class JournalFuzzTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 16, 53, TimeSpan.Zero);

    private static readonly Gen<TurnStart> Start =
        from state in JsonTexts.Value
        from turn in Gen.Choose(0, 1000)
        select new TurnStart
        {
            InstanceId = "20261122-081653-k3f9x2",
            Workflow = "Job",
            Turn = turn,
            CreatedAt = Now,
            At = Now.AddTicks(turn),
            State = state,
        };

    private static readonly Gen<JournalEvent> Event =
        from kind in Gen.Elements(JournalEventKind.Completed, JournalEventKind.Failed, JournalEventKind.Elapsed)
        from call in Gen.Choose(1, 1000)
        from output in JsonTexts.Value
        from reason in Gen.Elements("", "It broke.", "é\n\"}", ",\"crc\":\"00000000\"}")
        select new JournalEvent
        {
            Kind = kind,
            Call = call,
            Activity = kind == JournalEventKind.Elapsed ? null : "Batch",
            At = Now.AddMilliseconds(call),
            Content = kind switch { JournalEventKind.Completed => output, JournalEventKind.Failed => reason, _ => null },
        };

    private static readonly Gen<(TurnStart Start, JournalEvent[] Events)> Journal =
        from start in Start
        from events in Event.ArrayOf()
        select (start, events.Take(8).ToArray());

    private readonly TempFolder _folder = new();

    [Fact]
    public void A_journal_cut_anywhere_has_its_whole_lines() => Fuzzing.Check(
        (from journal in Journal from cut in Gen.Choose(0, int.MaxValue - 1) select (journal, cut)).ToArbitrary(),
        both =>
        {
            var lines = Lines(both.journal);
            var bytes = lines.SelectMany(line => line).ToArray();
            var length = both.cut % (bytes.Length + 1);
            HasLines(
                both.journal,
                Read(bytes[..length]),
                Enumerable.Range(0, lines.Count + 1).Last(count => lines.Take(count).Sum(line => line.Length) <= length));
        });

    [Fact]
    public void A_journal_with_a_wrong_bit_is_found_out() => Fuzzing.Check(
        (from journal in Journal from at in Gen.Choose(0, int.MaxValue - 1) from bit in Gen.Choose(0, 7) select (journal, at, bit))
            .ToArbitrary(),
        damaged =>
        {
            var lines = Lines(damaged.journal);
            var bytes = lines.SelectMany(line => line).ToArray();
            var at = damaged.at % bytes.Length;
            var before = lines.TakeWhile((_, i) => lines.Take(i + 1).Sum(line => line.Length) <= at).Count();
            var isLineFeed = bytes[at] == '\n';
            bytes[at] ^= (byte)(1 << damaged.bit);
            try
            {
                // In its last line, or the line feed before it, it is as if torn there.
                HasLines(damaged.journal, Read(bytes), before);
                Assert.InRange(before, lines.Count - (isLineFeed ? 2 : 1), lines.Count - 1);
            }
            catch (JournalCorruptException)
            {
            }
        });

    [Fact]
    public void A_damaged_journal_is_read_or_refused() =>
        Fuzzing.Check(
            Input.Of(Damage.Of(Journal.Select(journal => Lines(journal).SelectMany(line => line).ToArray()), "\n"u8.ToArray())),
            IsReadOrRefused);

    [Theory]
    [Corpus("journal")]
    public void What_was_found_stays_found(string file) =>
        Fuzzing.Replay(new Input(CorpusAttribute.Read("journal", file), 1), IsReadOrRefused);

    public void Dispose() => _folder.Dispose();

    private void IsReadOrRefused(Input input)
    {
        try
        {
            Read(input.Bytes);
        }
        catch (JournalCorruptException exception)
        {
            Assert.NotEmpty(exception.Message);
        }
    }

    private static void HasLines((TurnStart Start, JournalEvent[] Events) journal, JournalContent? read, int lines)
    {
        Assert.Equal(lines == 0, read is null);
        if (read is null)
            return;
        Assert.Equal(journal.Start with { State = OnOneLine(journal.Start.State)! }, read.Start);
        Assert.Equal(
            journal.Events.Take(lines - 1).Select(
                written => written.Kind == JournalEventKind.Completed ? written with { Content = OnOneLine(written.Content) } : written),
            read.Events);
    }

    private JournalContent? Read(byte[] bytes)
    {
        var path = _folder.Combine("journal");
        File.WriteAllBytes(path, bytes);
        return Memory.AtMost(100_000 + (30L * bytes.Length), () => JournalContent.Read(path));
    }

    private static List<byte[]> Lines((TurnStart Start, JournalEvent[] Events) journal) =>
        [
            Line(output => JournalLine.Write(output, journal.Start)),
            .. journal.Events.Select(written => Line(output => JournalLine.Write(output, written))),
        ];

    private static byte[] Line(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    private static string? OnOneLine(string? json) => json?.Replace('\n', ' ');
}
