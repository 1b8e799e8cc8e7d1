using System.Threading.Channels;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>
/// An append-only file written in the background: appending never waits for the disk, and lines are flushed in groups. The file is
/// compacted to the current state at the start and whenever it has grown far beyond it.
/// </summary>
internal sealed class PubSubJournal : IAsyncDisposable
{
    private const long RewriteAbove = 64L << 20;
    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Func<List<byte[]>> _state;
    private readonly string _path;
    private readonly Task _writing;
    private FileStream _file;
    private long _rewriteAt;

    public PubSubJournal(string path, Func<List<byte[]>> state)
    {
        _path = path;
        _state = state;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = Rewrite();
        _writing = WriteAsync();
    }

    public void Append(byte[] line) => _entries.Writer.TryWrite(new Entry(line, null));

    /// <summary>Returns once everything appended before is on the disk.</summary>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _entries.Writer.TryWrite(new Entry(ReadOnlyMemory<byte>.Empty, done))
            ? done.Task.WaitAsync(cancellationToken)
            : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        var waiting = new List<TaskCompletionSource>();
        while (await _entries.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            try
            {
                while (_entries.Reader.TryRead(out var entry))
                {
                    await _file.WriteAsync(entry.Line).ConfigureAwait(false);
                    if (entry.Flushed is { } flushed)
                        waiting.Add(flushed);
                }

                _file.Flush(flushToDisk: true);
                if (_file.Length > _rewriteAt)
                {
                    await _file.DisposeAsync().ConfigureAwait(false);
                    _file = Rewrite();
                }
            }
            catch (IOException)
            {
                // A full disk loses at worst the latest acknowledgements and messages, which Pub/Sub permits: delivery may repeat, and a
                // notification may be lost. A torn line must not spoil the next one.
                _entries.Writer.TryWrite(new Entry("\n"u8.ToArray(), null));
                await Task.Delay(TimeSpan.FromMilliseconds(200)).ConfigureAwait(false);
            }

            waiting.ForEach(flushed => flushed.TrySetResult());
            waiting.Clear();
        }
    }

    private FileStream Rewrite()
    {
        var temporary = _path + ".new";
        using (var file = File.Create(temporary))
        {
            foreach (var line in _state())
                file.Write(line);

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, _path, overwrite: true);
        var appending = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 64 * 1024);
        _rewriteAt = RewriteAbove + (2 * appending.Length);
        return appending;
    }

    private readonly record struct Entry(ReadOnlyMemory<byte> Line, TaskCompletionSource? Flushed);
}
