using DicomFunctions.Emulator.PubSub;
using Microsoft.Extensions.Time.Testing;

namespace DicomFunctions.Emulator.Tests.PubSub;

public sealed class SubscriptionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Subscription _subscription;

    public SubscriptionTests() => _subscription = new Subscription("s", "t", TimeSpan.FromSeconds(10), _time);

    [Fact]
    public async Task Pull_up_to_max_delivers_each_message_once()
    {
        Add(1, 2, 3);

        Assert.Equal(new long[] { 1, 2 }, Ids(await PullAsync(2)));
        Assert.Equal(new long[] { 3 }, Ids(await PullAsync(2)));
        Assert.Empty(await PullAsync(2));
    }

    [Fact]
    public async Task Pull_after_the_deadline_redelivers_and_counts()
    {
        Add(1);
        await PullAsync();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(await PullAsync());

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, (await PullAsync()).Single().DeliveryAttempt);
    }

    [Fact]
    public async Task Acknowledge_late_or_twice_ends_the_message()
    {
        Add(1);
        await PullAsync();
        _time.Advance(TimeSpan.FromMinutes(1));

        _subscription.Acknowledge(1);
        _subscription.Acknowledge(1);

        Assert.Empty(await PullAsync());
        Assert.Empty(_subscription.Unacknowledged);
    }

    [Fact]
    public async Task ModifyDeadline_longer_delays_redelivery()
    {
        Add(1);
        await PullAsync();
        _subscription.ModifyDeadline(1, 1, TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(await PullAsync());

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Single(await PullAsync());
    }

    [Fact]
    public async Task ModifyDeadline_zero_redelivers_at_once()
    {
        Add(1);
        await PullAsync();

        _subscription.ModifyDeadline(1, 1, TimeSpan.Zero);

        Assert.Equal(2, (await PullAsync()).Single().DeliveryAttempt);
    }

    [Fact]
    public async Task ModifyDeadline_of_an_earlier_delivery_does_not_affect_the_later_one()
    {
        Add(1);
        await PullAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        await PullAsync();

        _subscription.ModifyDeadline(1, 1, TimeSpan.Zero);

        Assert.Empty(await PullAsync());
    }

    [Fact]
    public async Task Pull_waiting_is_woken_by_a_message()
    {
        var pull = _subscription.PullAsync(10, TimeSpan.FromMinutes(1), default);
        Assert.False(pull.IsCompleted);

        Add(7);

        Assert.Equal(new long[] { 7 }, Ids(await pull));
    }

    [Fact]
    public async Task Pull_waiting_is_woken_by_a_deadline()
    {
        Add(1);
        await PullAsync();
        var pull = _subscription.PullAsync(10, TimeSpan.FromMinutes(1), default);
        Assert.False(pull.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(new long[] { 1 }, Ids(await pull));
    }

    [Fact]
    public async Task Pull_waiting_ends_empty_after_its_wait()
    {
        var pull = _subscription.PullAsync(10, TimeSpan.FromSeconds(5), default);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Empty(await pull);
    }

    [Fact]
    public async Task Pull_concurrently_delivers_no_message_twice()
    {
        Add([.. Enumerable.Range(1, 1000)]);

        var pulls = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var ids = new List<long>();
            for (var messages = await PullAsync(7); messages.Count > 0; messages = await PullAsync(7))
                ids.AddRange(Ids(messages));

            return ids;
        })));

        Assert.Equal(Enumerable.Range(1, 1000).Select(id => (long)id), pulls.SelectMany(ids => ids).Order());
    }

    private static long[] Ids(IReadOnlyList<PulledMessage> messages) => [.. messages.Select(message => message.Message.Id)];

    private Task<IReadOnlyList<PulledMessage>> PullAsync(int max = 10) => _subscription.PullAsync(max, TimeSpan.Zero, default);

    private void Add(params int[] ids)
    {
        foreach (var id in ids)
            _subscription.Add(new PubSubMessage(id, _time.GetUtcNow(), "\"data\":\"eA==\""u8.ToArray()));
    }
}
