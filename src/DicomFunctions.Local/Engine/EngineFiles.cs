using System.Globalization;
using System.Text.Json;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// The engine's files: <c>active/{id}.{turn}.journal</c>, one per running instance (two for a moment between turns),
/// <c>ended/{id}.json</c>, the last status of an instance that has ended, and <c>damaged/</c>, journals that could not be read.
/// </summary>
internal sealed class EngineFiles
{
    private const string JournalExtension = ".journal";
    private const string EndedExtension = ".json";
    private const int TurnDigits = 8;

    private readonly string _active;
    private readonly string _ended;
    private readonly string _damaged;

    public EngineFiles(string directory)
    {
        _active = Path.Combine(directory, "active");
        _ended = Path.Combine(directory, "ended");
        _damaged = Path.Combine(directory, "damaged");
    }

    /// <summary>Makes the folders.</summary>
    public void Prepare()
    {
        foreach (var folder in (ReadOnlySpan<string>)[_active, _ended])
            FileCalls.Run("make the engine's folders", () => Directory.CreateDirectory(folder));
        FileCalls.SyncDirectory(Path.GetDirectoryName(_active)!);
    }

    /// <summary>The journal of a turn.</summary>
    public string JournalOf(string instanceId, int turn) =>
        Path.Combine(_active, string.Create(CultureInfo.InvariantCulture, $"{instanceId}.{turn:d8}{JournalExtension}"));

    /// <summary>The journals of all instances, by instance id; anything with the name of a journal counts.</summary>
    public ILookup<string, string> ActiveJournals() => FileCalls.Run("list the journals", () =>
        Directory.EnumerateFileSystemEntries(_active, "*" + JournalExtension)
            .Select(path => (Id: IdOf(Path.GetFileName(path)), Path: path))
            .Where(journal => journal.Id is not null)
            .ToLookup(journal => journal.Id!, journal => journal.Path));

    /// <summary>
    /// Reads the journal of an instance's newest turn with a durable start, and deletes its other journals. Null if there is none, or the
    /// instance has ended since.
    /// </summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="journals">Its journals; null: find them.</param>
    /// <exception cref="JournalCorruptException">The journal is damaged.</exception>
    public JournalContent? ReadJournal(string instanceId, IEnumerable<string>? journals = null)
    {
        JournalContent? content = null;
        JournalCorruptException? damage = null;
        var ended = ReadEnded(instanceId);
        foreach (var path in (journals ?? Journals(instanceId)).OrderDescending(StringComparer.Ordinal))
        {
            // The turn before a damaged one still exists only if the damaged one was not known to be durable, so that turn runs again.
            try
            {
                var read = content is null ? JournalContent.Read(path) : null;
                if (read is not null && read.Start.InstanceId != instanceId)
                    throw new JournalCorruptException("The journal belongs to another instance.");
                if (read is not null && read.Start.CreatedAt != ended?.CreatedAt)
                    content = read;
                else
                    FileCalls.TryDelete(path);
            }
            catch (JournalCorruptException exception)
            {
                damage = exception;
            }
        }

        return content is null && damage is not null ? throw damage : content;
    }

    /// <summary>Moves the unreadable journals of an instance to <c>damaged/</c>, and returns their new paths.</summary>
    public IReadOnlyList<string> SetAside(string instanceId)
    {
        List<string> paths = [];
        foreach (var path in Journals(instanceId))
        {
            FileCalls.Run("make the folder of damaged journals", () => Directory.CreateDirectory(_damaged));
            var aside = Path.Combine(_damaged, Path.GetFileName(path));
            if (FileCalls.TryRename(path, aside))
                paths.Add(aside);
        }

        return paths;
    }

    /// <summary>Deletes all journals of an instance.</summary>
    public void DeleteJournals(string instanceId)
    {
        foreach (var path in Journals(instanceId))
            FileCalls.TryDelete(path);
    }

    /// <summary>How an instance ended; null if no instance with that id has ended, or the file is damaged.</summary>
    public WorkflowStatus? ReadEnded(string instanceId)
    {
        var path = EndedOf(instanceId);
        if (FileCalls.Stat(path) is not { Kind: FileKind.Regular })
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), EngineJsonContext.Default.WorkflowStatus);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            return null; // Not ours, or damaged: the ended instance is then unknown.
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            var failure = StoreError.From("read an instance's end", exception);
            return failure is ObjectDamagedException or ObjectDeniedException ? null : throw failure;
        }
    }

    /// <summary>Records durably how an instance ended.</summary>
    public void WriteEnded(WorkflowStatus status)
    {
        var path = EndedOf(status.InstanceId);
        var temp = path + ".new";
        FileCalls.Run("write an instance's end", () =>
        {
            using var file = File.OpenHandle(temp, FileMode.Create, FileAccess.Write);
            RandomAccess.Write(file, JsonSerializer.SerializeToUtf8Bytes(status, EngineJsonContext.Default.WorkflowStatus), 0);
            RandomAccess.FlushToDisk(file);
            return true;
        });
        if (!FileCalls.TryRename(temp, path))
            throw new ObjectStoreException("The engine's folder is gone.");
        FileCalls.SyncDirectory(_ended);
    }

    /// <summary>Deletes the record of how an instance ended. False if no instance with that id has ended.</summary>
    public bool DeleteEnded(string instanceId)
    {
        // The removal of its journal must be durable first: once the end is deleted, nothing else shows that the journal is obsolete.
        FileCalls.SyncDirectory(_active);
        var isDeleted = FileCalls.TryDelete(EndedOf(instanceId));
        if (isDeleted)
            FileCalls.SyncDirectory(_ended);
        return isDeleted;
    }

    private string EndedOf(string instanceId) => Path.Combine(_ended, instanceId + EndedExtension);

    private string[] Journals(string instanceId) => FileCalls.Run("list the journals", () =>
        Directory.GetFileSystemEntries(_active, $"{instanceId}.*{JournalExtension}")
            .Where(path => IdOf(Path.GetFileName(path)) == instanceId)
            .ToArray());

    /// <summary>The id in a journal's name. The id may contain dots, so the name is read from its end.</summary>
    private static string? IdOf(string fileName)
    {
        var length = fileName.Length - JournalExtension.Length - TurnDigits - 1;
        return length > 0 && fileName[length] == '.' ? fileName[..length] : null;
    }
}
