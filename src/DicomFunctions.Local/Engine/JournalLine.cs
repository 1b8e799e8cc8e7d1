using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// A line of a journal: a JSON object that ends with a checksum, the CRC-32C of everything before it. A line without a line feed, or with
/// another checksum, was torn or damaged.
/// </summary>
internal static class JournalLine
{
    private const int SuffixLength = 18; // ,"crc":"xxxxxxxx"}
    private const string StartKind = "start";

    /// <summary>
    /// Increased when an earlier build could not continue with what this one writes. The first lines of version 1 carried no version.
    /// </summary>
    private const int Version = 1;

    private static ReadOnlySpan<byte> BeforeChecksum => ",\"crc\":\""u8;

    private static ReadOnlySpan<byte> AfterChecksum => "\"}"u8;

    public static void Write(ArrayBufferWriter<byte> output, TurnStart start) => Write(output, start, static (json, start) =>
    {
        json.WriteString("kind"u8, StartKind);
        json.WriteNumber("version"u8, Version);
        json.WriteString("instance"u8, start.InstanceId);
        json.WriteString("workflow"u8, start.Workflow);
        json.WriteNumber("turn"u8, start.Turn);
        json.WriteString("created"u8, start.CreatedAt);
        json.WriteString("at"u8, start.At);
        if (start.Progress is { } progress)
        {
            json.WritePropertyName("progress"u8);
            JsonSerializer.Serialize(json, progress, EngineJsonContext.Default.JobProgress);
        }

        if (start.Trace is not null)
            json.WriteString("trace"u8, start.Trace);
        WriteRaw(json, "state"u8, start.State);
    });

    public static void Write(ArrayBufferWriter<byte> output, JournalEvent @event) => Write(output, @event, static (json, @event) =>
    {
        json.WriteString("kind"u8, @event.Kind switch
        {
            JournalEventKind.Completed => "completed"u8,
            JournalEventKind.Failed => "failed"u8,
            _ => "elapsed"u8,
        });
        json.WriteNumber("call"u8, @event.Call);
        if (@event.Activity is not null)
            json.WriteString("activity"u8, @event.Activity);
        json.WriteString("at"u8, @event.At);
        if (@event.Kind is JournalEventKind.Completed)
            WriteRaw(json, "output"u8, @event.Content!);
        else if (@event.Kind is JournalEventKind.Failed)
            json.WriteString("reason"u8, @event.Content);
    });

    /// <summary>Whether a line (without its line feed) is intact.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> line) =>
        line.Length > SuffixLength
        && line[^SuffixLength..].StartsWith(BeforeChecksum)
        && line.EndsWith(AfterChecksum)
        && line[^10..^2].SequenceEqual(Encoding.ASCII.GetBytes($"{Checksum(line[..^SuffixLength]):x8}"));

    /// <summary>Reads the first line of a journal; null if it is not one.</summary>
    /// <exception cref="JournalCorruptException">A later build wrote it.</exception>
    public static TurnStart? ReadStart(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (root.TryGetProperty("version"u8, out var version) && version.GetInt32() is > Version and var later)
        {
            throw new JournalCorruptException(
                $"The journal has version {later}, from a later build; this build reads versions up to {Version}.");
        }

        return root.GetProperty("kind"u8).ValueEquals(StartKind)
            ? new TurnStart
            {
                InstanceId = root.GetProperty("instance"u8).GetString()!,
                Workflow = root.GetProperty("workflow"u8).GetString()!,
                Turn = root.GetProperty("turn"u8).GetInt32(),
                CreatedAt = root.GetProperty("created"u8).GetDateTimeOffset(),
                At = root.GetProperty("at"u8).GetDateTimeOffset(),
                Progress = root.TryGetProperty("progress"u8, out var progress)
                    ? progress.Deserialize(EngineJsonContext.Default.JobProgress)
                    : null,
                Trace = root.TryGetProperty("trace"u8, out var trace) ? trace.GetString() : null,
                State = root.GetProperty("state"u8).GetRawText(),
            }
            : null;
    }

    /// <summary>Reads any later line.</summary>
    public static JournalEvent ReadEvent(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var kind = Enum.Parse<JournalEventKind>(root.GetProperty("kind"u8).GetString()!, ignoreCase: true);
        return new JournalEvent
        {
            Kind = kind,
            Call = root.GetProperty("call"u8).GetInt32(),
            Activity = root.TryGetProperty("activity"u8, out var activity) ? activity.GetString() : null,
            At = root.GetProperty("at"u8).GetDateTimeOffset(),
            Content = kind switch
            {
                JournalEventKind.Completed => root.GetProperty("output"u8).GetRawText(),
                JournalEventKind.Failed => root.GetProperty("reason"u8).GetString(),
                _ => null,
            },
        };
    }

    private static void Write<T>(ArrayBufferWriter<byte> output, T value, Action<Utf8JsonWriter, T> write)
    {
        var start = output.WrittenCount;
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            write(json, value);
        }

        var checksum = Checksum(output.WrittenSpan[start..]);
        output.Write(BeforeChecksum);
        checksum.TryFormat(output.GetSpan(8), out var written, "x8");
        output.Advance(written);
        output.Write(AfterChecksum);
        output.Write("\n"u8);
    }

    /// <summary>
    /// Copies JSON unchanged, except for line feeds: they can only be white space between tokens, and would end the line.
    /// </summary>
    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, string raw)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(raw.Contains('\n', StringComparison.Ordinal) ? raw.Replace('\n', ' ') : raw, skipInputValidation: true);
    }

    private static uint Checksum(ReadOnlySpan<byte> content)
    {
        var checksum = uint.MaxValue;
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(content))
            checksum = BitOperations.Crc32C(checksum, eight);
        foreach (var one in content[(content.Length & ~7)..])
            checksum = BitOperations.Crc32C(checksum, one);
        return ~checksum;
    }
}
