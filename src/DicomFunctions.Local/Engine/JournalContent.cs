using System.Text.Json;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Local.Engine;

/// <summary>A journal as it was read back.</summary>
internal sealed record JournalContent
{
    public required TurnStart Start { get; init; }

    public required IReadOnlyList<JournalEvent> Events { get; init; }

    /// <summary>How much of the file is whole lines; what follows was torn by a crash and never acknowledged.</summary>
    public required long Length { get; init; }

    /// <summary>Far more than a turn ever needs; a longer file is no journal, and is not read into memory.</summary>
    private const long MaxLength = 256 << 20;

    /// <summary>Reads a journal. Null when not even its first line was written: the turn never began.</summary>
    /// <exception cref="JournalCorruptException">
    /// A line is damaged, and whole ones follow it; or the file cannot be read, and will not be the next time either.
    /// </exception>
    /// <exception cref="ObjectStoreException">The system has no room for one more open file, or has another trouble of its own.</exception>
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
            catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
            {
                throw new JournalCorruptException($"The journal's line {number} is not of this version.", exception);
            }

            length = offset;
        }

        // A first line that was cut short was never acknowledged; one that is there to its end was, and has been damaged since.
        if (start is null && content.Span.Contains((byte)'\n'))
            throw new JournalCorruptException("The journal is damaged at line 1.");
        return start is null ? null : new JournalContent { Start = start, Events = events, Length = length };
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            // A pipe would wait for ever for somebody to write.
            return FileCalls.Stat(path) switch
            {
                null => [],
                { Kind: not FileKind.Regular } => throw new JournalCorruptException("The journal is not a file."),
                { Length: > MaxLength } => throw new JournalCorruptException($"The journal has more than {MaxLength >> 20} MiB."),
                _ => FileCalls.Run("read a journal", () => File.ReadAllBytes(path)),
            };
        }
        catch (Exception exception) when (exception is ObjectDamagedException or ObjectDeniedException)
        {
            throw new JournalCorruptException(exception.Message, exception);
        }
    }
}
