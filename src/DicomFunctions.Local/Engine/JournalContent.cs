using System.Text.Json;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Local.Engine;

/// <summary>The content of a journal.</summary>
internal sealed record JournalContent
{
    public required TurnStart Start { get; init; }

    public required IReadOnlyList<JournalEvent> Events { get; init; }

    /// <summary>The length of the whole lines; the rest was torn by a crash and never acknowledged.</summary>
    public required long Length { get; init; }

    /// <summary>Far more than a turn ever needs; a longer file is not a journal and is not read into memory.</summary>
    private const long MaxLength = 256 << 20;

    /// <summary>Reads a journal. Null if not even its first line was written, so that the turn never began.</summary>
    /// <exception cref="JournalCorruptException">
    /// A damaged line is followed by whole ones, or the file is permanently unreadable.
    /// </exception>
    /// <exception cref="ObjectStoreException">The system cannot open another file, or has another problem of its own.</exception>
    public static JournalContent? Read(string path)
    {
        var content = ReadFile(path).AsMemory();
        TurnStart? start = null;
        var events = new List<JournalEvent>();
        var (offset, number, torn, length) = (0, 0, 0, 0);
        while (offset < content.Length)
        {
            var end = content.Span[offset..].IndexOf((byte)'\n');
            var line = end < 0 ? content[offset..] : content.Slice(offset, end);
            offset += line.Length + 1;
            number++;
            if (end < 0 || !JournalLine.IsWhole(line.Span))
            {
                torn = torn == 0 ? number : torn;
                continue;
            }

            if (torn > 0)
                throw new JournalCorruptException($"The journal is damaged at line {torn}.");
            try
            {
                if (number == 1)
                    start = JournalLine.ReadStart(line) ?? throw new JournalCorruptException("The journal does not begin with a start.");
                else
                    events.Add(JournalLine.ReadEvent(line));
            }
            catch (Exception exception) when (
                exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
            {
                throw new JournalCorruptException($"Line {number} of the journal is not of this version.", exception);
            }

            length = offset;
        }

        // A truncated first line was never acknowledged; a complete one was, and has been damaged since.
        if (start is null && content.Span.Contains((byte)'\n'))
            throw new JournalCorruptException("The journal is damaged at line 1.");
        return start is null ? null : new JournalContent { Start = start, Events = events, Length = length };
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            // A pipe would wait forever for a writer.
            return FileCalls.Stat(path) switch
            {
                null => [],
                { Kind: not FileKind.Regular } => throw new JournalCorruptException("The journal is not a file."),
                { Length: > MaxLength } => throw new JournalCorruptException($"The journal is larger than {MaxLength >> 20} MiB."),
                _ => FileCalls.Run("read a journal", () => File.ReadAllBytes(path)),
            };
        }
        catch (Exception exception) when (exception is ObjectDamagedException or ObjectDeniedException)
        {
            throw new JournalCorruptException(exception.Message, exception);
        }
    }
}
