using System.Buffers;
using System.Text;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

/// <summary>A run whose work waits, ends and fails when a test says so.</summary>
public sealed class WorkerRunTests : IAsyncLifetime
{
    private const string Name = "jobs/results";

    private readonly TestClock _clock = new();
    private readonly BatchTally _tally = new(first: 0);
    private readonly List<string> _sent = [];
    private int _busy;
    private CoreHost _host = null!;
    private CancelWatch _cancel = null!;
    private BlockWriter _output = null!;
    private WorkerRun _run = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync(_clock);
        var jobStore = _host.Services.GetRequiredService<JobStore>();
        _cancel = new CancelWatch(jobStore, JobId.Create(_clock.GetUtcNow()), _clock, CancellationToken.None);
        _output = new BlockWriter(_host.Objects, Name, batch: 0, execution: 1, blockSize: 64 << 10);
        _run = new WorkerRun(_output, _tally, new RunLimit(_clock, TimeSpan.FromMinutes(1)), _cancel);
    }

    public async Task DisposeAsync()
    {
        await _run.DisposeAsync().AsTask().InTime();
        _output.Dispose();
        await _cancel.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Work_that_waits_lets_later_work_go_on_and_records_keep_their_order()
    {
        var wait = new TaskCompletionSource();
        await BeginAsync("a", wait.Task);
        await BeginAsync("b");
        await BeginAsync("c");
        Assert.Equal(["a", "b", "c"], _sent);
        Assert.Equal(0, _tally.Records);
        wait.SetResult();
        Assert.Equal("a\nb\nc\n", await CompleteAsync());
        Assert.Equal(["a", "b", "c", "a again"], _sent);
        Assert.Equal(3, _tally.Records);
    }

    [Fact]
    public async Task Waits_that_end_in_any_order_end_in_the_order_of_the_inputs()
    {
        var random = new Random(7);
        var waits = Enumerable.Range(0, 200).Select(_ => new TaskCompletionSource()).ToArray();
        for (var i = 0; i < waits.Length; i++)
            await BeginAsync($"{i:D3}", random.Next(3) == 0 ? Task.CompletedTask : waits[i].Task);
        random.Shuffle(waits);
        foreach (var wait in waits)
            wait.SetResult();
        Assert.Equal(string.Concat(Enumerable.Range(0, 200).Select(i => $"{i:D3}\n")), await CompleteAsync());
    }

    [Fact]
    public async Task Behind_a_waiting_input_a_megabyte_is_held_then_no_other_is_begun()
    {
        var wait = new TaskCompletionSource();
        await BeginAsync("first", wait.Task);
        var begun = 0;
        ValueTask<bool> turn;
        for (turn = TakeTurnAsync(); turn.IsCompleted; turn = TakeTurnAsync(), begun++)
            _run.Begin(place => RecordAsync(place, new string('x', 60_000)));
        Assert.InRange(begun, 10, 18);
        wait.SetResult();
        Assert.True(await turn.AsTask().InTime());
        _run.Begin(place => RecordAsync(place, "last"));
        var text = await CompleteAsync();
        Assert.StartsWith("first\nx", text, StringComparison.Ordinal);
        Assert.EndsWith("x\nlast\n", text, StringComparison.Ordinal);
        Assert.Equal("first\nlast\n".Length + (begun * 60_001L), text.Length);
    }

    [Fact]
    public async Task Too_many_inputs_that_wait_let_no_other_begin()
    {
        var wait = new TaskCompletionSource();
        var begun = 0;
        ValueTask<bool> turn;
        for (turn = TakeTurnAsync(); turn.IsCompleted; turn = TakeTurnAsync(), begun++)
            _run.Begin(place => SendAsync(place, "x", wait.Task));
        Assert.Equal(256, begun);
        wait.SetResult();
        Assert.True(await turn.AsTask().InTime());
        _run.Begin(place => RecordAsync(place, "last"));
        await CompleteAsync();
    }

    [Fact]
    public async Task A_long_record_behind_a_waiting_input_gives_the_turn_back_until_it_is_the_first()
    {
        var wait = new TaskCompletionSource();
        await BeginAsync("first", wait.Task);
        var written = 0;
        Assert.True(await _run.TryTakeTurnAsync(CancellationToken.None));
        _run.Begin(async place =>
        {
            for (; written < 100; written++)
            {
                place.Write(Encoding.ASCII.GetBytes(new string('y', 64 << 10)));
                await place.FlushIfFullAsync(_run.Token);
            }

            await RecordAsync(place, "");
        });
        Assert.InRange(written, 7, 18);
        wait.SetResult();
        Assert.Equal("first\n".Length + (100 << 16) + 1, (await CompleteAsync()).Length);
    }

    [Fact]
    public async Task Work_of_one_key_keeps_its_order_others_go_ahead()
    {
        var wait = new TaskCompletionSource();
        await BeginAsync("a1", wait.Task, "a");
        await BeginAsync("ab", Task.CompletedTask, "a", "b");
        await BeginAsync("b2", Task.CompletedTask, "b");
        await BeginAsync("c", Task.CompletedTask, "c");
        Assert.Equal(["a1", "c"], _sent);
        wait.SetResult();
        Assert.Equal("a1\nab\nb2\nc\n", await CompleteAsync());
        Assert.Equal(["a1", "c", "a1 again", "ab", "b2"], _sent);
    }

    [Fact]
    public async Task A_failure_breaks_off_all_others_is_thrown_and_what_lies_behind_has_no_record()
    {
        await BeginAsync("done");
        await BeginAsync("waits", Task.Delay(Timeout.Infinite, _run.Token));
        await BeginAsync("behind");
        Assert.True(await _run.TryTakeTurnAsync(CancellationToken.None));
        _run.Begin(_ => throw new ObjectStoreException("The disk is gone."));
        Assert.False(await _run.TryTakeTurnAsync(CancellationToken.None));
        Assert.True(_run.IsBrokenOff);
        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => _run.CompleteAsync().AsTask().InTime());
        Assert.Equal("The disk is gone.", failure.Message);
        Assert.Equal(1, _tally.Records);
        Assert.Equal("done\n", await ReadAsync());
    }

    [Fact]
    public async Task Disposed_nothing_goes_on()
    {
        await BeginAsync("waits", Task.Delay(Timeout.Infinite, _run.Token));
        await BeginAsync("behind");
        await _run.DisposeAsync().AsTask().InTime();
        Assert.Equal(["waits", "behind"], _sent);
        Assert.Equal(0, _tally.Records);
        Assert.Equal("", await ReadAsync());
        _run = new WorkerRun(_output, _tally, new RunLimit(_clock, TimeSpan.FromMinutes(1)), _cancel);
    }

    [Fact]
    public async Task Out_of_time_what_was_begun_ends_and_nothing_else_is_begun()
    {
        var wait = new TaskCompletionSource();
        await BeginAsync("a", wait.Task);
        await BeginAsync("b");
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await _run.TryTakeTurnAsync(CancellationToken.None));
        Assert.False(_run.IsBrokenOff);
        wait.SetResult();
        Assert.Equal("a\nb\n", await CompleteAsync());
    }

    [Fact]
    public async Task Out_of_time_at_once_one_input_is_begun_all_the_same()
    {
        await BeginAsync("a");
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await _run.TryTakeTurnAsync(CancellationToken.None));
        Assert.Equal("a\n", await CompleteAsync());
    }

    private ValueTask<bool> TakeTurnAsync() => _run.TryTakeTurnAsync(CancellationToken.None);

    private async Task BeginAsync(string name, Task? wait = null, params string[] keys)
    {
        Assert.True(await _run.TryTakeTurnAsync(CancellationToken.None));
        _run.Begin(place => SendAsync(place, name, wait ?? Task.CompletedTask), keys);
    }

    private async ValueTask SendAsync(RecordPlace place, string name, Task wait)
    {
        Send(name);
        if (!wait.IsCompleted)
        {
            await _run.AsideAsync(wait);
            Send(name + " again");
        }

        await RecordAsync(place, name);
    }

    private void Send(string name)
    {
        Assert.Equal(1, Interlocked.Increment(ref _busy));
        _sent.Add(name);
        Interlocked.Decrement(ref _busy);
    }

    private static ValueTask RecordAsync(RecordPlace place, string text)
    {
        place.Write(Encoding.ASCII.GetBytes(text + "\n"));
        place.Add(failureCode: null, OutcomeStatus.Of(200), attempts: 1, place.BytesWritten);
        return ValueTask.CompletedTask;
    }

    private async Task<string> CompleteAsync()
    {
        await _run.CompleteAsync().AsTask().InTime();
        return await ReadAsync();
    }

    private async Task<string> ReadAsync()
    {
        _output.Rewind();
        await _output.CommitAsync(CancellationToken.None);
        return await _host.ReadTextAsync(Name);
    }
}
