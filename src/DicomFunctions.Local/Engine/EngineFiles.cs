using System.Globalization;
using System.Text.Json;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// The engine's files: <c>active/{id}.{turn}.journal</c>, one per instance under way (two for the moment between turns),
/// <c>ended/{id}.json</c>, the last status of those that are not, and <c>damaged/</c>, journals that could not be read.
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

    /// <summary>The journals of all instances that have any, by their ids; whatever lies under a journal's name.</summary>
    public ILookup<string, string> ActiveJournals() => FileCalls.Run("list the journals", () =>
        Directory.EnumerateFileSystemEntries(_active, "*" + JournalExtension)
            .Select(path => (Id: IdOf(Path.GetFileName(path)), Path: path))
            .Where(journal => journal.Id is not null)
            .ToLookup(journal => journal.Id!, journal => journal.Path));

    /// <summary>
    /// Reads the journal of an instance: of its newest turn that was durably begun. The files of the others are deleted.
    /// Null when there is none, or the instance has ended since.
    /// </summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="journals">Its journals; null: look for them.</param>
    /// <exception cref="JournalCorruptException">There is one, and it is damaged.</exception>
    public JournalContent? ReadJournal(string instanceId, IEnumerable<string>? journals = null)
    {
        JournalContent? content = null;
        JournalCorruptException? damage = null;
        var ended = ReadEnded(instanceId);
        foreach (var path in (journals ?? Journals(instanceId)).OrderDescending(StringComparer.Ordinal))
        {
            // A turn before a damaged one is still there only if the damaged one was not known to be durable: it is run again.
            try
            {
                var read = content is null ? JournalContent.Read(path) : null;
                if (read is not null && read.Start.InstanceId != instanceId)
                    throw new JournalCorruptException("The journal is another instance's.");
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

    /// <summary>Moves the journals of an instance, which cannot be read, to <c>damaged/</c>. Gives the paths they have now.</summary>
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

    /// <summary>How an instance ended; null when none of that id has, or that file is damaged.</summary>
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
            return null; // Not ours, or damaged: an instance that ended is then one that is not known.
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            var error = StoreError.From("read an instance's end", exception);
            return error is ObjectDamagedException or ObjectDeniedException ? null : throw error;
        }
    }

    /// <summary>Keeps how an instance ended, durably.</summary>
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

    /// <summary>Forgets how an instance ended. False when none of that id has.</summary>
    public bool DeleteEnded(string instanceId)
    {
        // First that its journal is gone: with its end forgotten, nothing would tell that one is over.
        FileCalls.SyncDirectory(_active);
        var deleted = FileCalls.TryDelete(EndedOf(instanceId));
        if (deleted)
            FileCalls.SyncDirectory(_ended);
        return deleted;
    }

    private string EndedOf(string instanceId) => Path.Combine(_ended, instanceId + EndedExtension);

    private string[] Journals(string instanceId) => FileCalls.Run("list the journals", () =>
        Directory.GetFileSystemEntries(_active, $"{instanceId}.*{JournalExtension}").Where(path => IdOf(Path.GetFileName(path)) == instanceId).ToArray());

    /// <summary>The id in a journal's name: it may have dots of its own, so what counts is the end.</summary>
    private static string? IdOf(string fileName)
    {
        var length = fileName.Length - JournalExtension.Length - TurnDigits - 1;
        return length > 0 && fileName[length] == '.' ? fileName[..length] : null;
    }
}
