using System.Text.Json;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Local.Engine;

/// <summary>A journal as it was read back.</summary>
internal sealed record JournalContent
{
    public required TurnStart Start { get; init; }

    public required IReadOnlyList<JournalEvent> Events { get; init; }

    /// <summary>How much of the file is whole lines; what follows was torn by a crash and never acknowledged.</summary>
    public required long Length { get; init; }

    /// <summary>Reads a journal. Null when not even its first line was written: the turn never began.</summary>
    /// <exception cref="JournalCorruptException">A line is damaged, and whole ones follow it.</exception>
    /// <exception cref="ObjectStoreException">The file can not be read.</exception>
    public static JournalContent? Read(string path)
    {
        var content = FileCalls.Run("read a journal", () => File.ReadAllBytes(path)).AsMemory();
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
}
