using System.Buffers;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// The journal of one turn: a file that only grows. Lines collect in memory, and the flusher writes and syncs many at once. The file is
/// open only while it is written, because there may be more running instances than the process may open files.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="length">The length of its whole lines; 0 for a new file.</param>
/// <param name="flusher">Writes the lines.</param>
/// <param name="onFailure">Called once if lines could not be made durable; the journal then accepts no more.</param>
internal sealed class Journal(string path, long length, JournalFlusher flusher, Action<Exception> onFailure)
{
    private readonly Lock _lock = new();
    private readonly Lock _fileLock = new(); // Held during disk access, while appending must not block.
    private ArrayBufferWriter<byte> _gathering = new(1024);
    private ArrayBufferWriter<byte> _writing = new(1024);
    private List<Action> _waiting = [];
    private List<Action> _notifying = [];
    private long _length = length;
    private bool _isOver;
    private bool _isBusy;

    /// <summary>Adds the first line.</summary>
    public void Append(TurnStart start, Action whenDurable)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            JournalLine.Write(_gathering, start);
            _waiting.Add(whenDurable);
        }

        flusher.Request(this, isUrgent: true);
    }

    /// <summary>Adds an event.</summary>
    /// <param name="event">The event.</param>
    /// <param name="whenDurable">Called once the event is durable; without it, that may take a while.</param>
    public void Append(JournalEvent @event, Action? whenDurable)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            JournalLine.Write(_gathering, @event);
            if (whenDurable is not null)
                _waiting.Add(whenDurable);
        }

        flusher.Request(this, isUrgent: whenDurable is not null);
    }

    /// <summary>Calls back once everything added so far is durable; at once if it already is.</summary>
    public void WhenDurable(Action callback)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            if (_gathering.WrittenCount > 0 || _isBusy)
            {
                _waiting.Add(callback);
                flusher.Request(this, isUrgent: true);
                return;
            }
        }

        callback();
    }

    /// <summary>Takes the collected lines, to be written next. Called by the flusher.</summary>
    public void Prepare()
    {
        lock (_lock)
        {
            (_gathering, _writing) = (_writing, _gathering);
            (_waiting, _notifying) = (_notifying, _waiting);
            _isBusy = true;
        }
    }

    /// <summary>Writes the prepared lines, makes them durable, and notifies the waiting callers. Called by the flusher.</summary>
    public void Flush()
    {
        lock (_fileLock)
        {
            if (IsOver)
                return;
            try
            {
                if (_writing.WrittenCount > 0)
                    Write();
            }
            catch (Exception exception) when (exception is ObjectStoreException || StoreError.IsFileSystem(exception))
            {
                Fail(StoreError.From("write a journal", exception));
                return;
            }
        }

        List<Action> notified;
        lock (_lock)
        {
            _writing.ResetWrittenCount();
            _isBusy = false;
            notified = _notifying;
            _notifying = [];
        }

        foreach (var callback in notified)
            callback();
    }

    /// <summary>Gives up on the prepared lines and on the journal. Called by the flusher.</summary>
    public void Fail(Exception exception)
    {
        lock (_fileLock)
        {
            if (IsOver)
                return;
            // It is unknown how much of it reached the disk, and it must not be found there later.
            Truncate();
            Close();
        }

        onFailure(exception);
    }

    /// <summary>Accepts no more lines, and drops all callbacks.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isOver = true;
            _waiting.Clear();
            _notifying.Clear();
        }

        lock (_fileLock)
        {
            // Waits until the current write has finished.
        }
    }

    /// <summary>Closes it and deletes the file. If the file reappears after a crash, a newer journal shows that it is obsolete.</summary>
    public void Delete()
    {
        Close();
        FileCalls.TryDelete(path);
    }

    private bool IsOver
    {
        get
        {
            lock (_lock)
                return _isOver;
        }
    }

    private void Write()
    {
        var isNew = _length == 0;
        using var file = File.OpenHandle(
            path, isNew ? FileMode.OpenOrCreate : FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (_length < RandomAccess.GetLength(file))
            RandomAccess.SetLength(file, _length);
        RandomAccess.Write(file, _writing.WrittenSpan, _length);
        FileCalls.SyncData(file);
        if (isNew)
            FileCalls.SyncDirectory(Path.GetDirectoryName(path)!);
        _length += _writing.WrittenCount;
    }

    private void Truncate()
    {
        try
        {
            if (!File.Exists(path))
                return;
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.SetLength(file, _length);
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            // Then the lines may be found: whole lines are still true, except for effects that are not durable.
        }
    }
}
