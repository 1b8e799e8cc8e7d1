using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Events;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>Takes events, or does not.</summary>
internal sealed class FakeEventEndpoint : IEventEndpoint
{
    /// <summary>Why an event is not taken; null to take it.</summary>
    public Func<string, string?> Problem { get; set; } = static _ => null;

    /// <summary>The ids of all events it was asked to take, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The events it has taken, in order.</summary>
    public ConcurrentQueue<JsonNode> Taken { get; } = new();

    public IEnumerable<string> Ids => Taken.Select(taken => (string)taken["id"]!);

    public Task<EventDelivery> SendAsync(string id, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        Asked.Enqueue(id);
        if (Problem(id) is { } problem)
            return Task.FromResult(new EventDelivery(problem));
        Taken.Enqueue(JsonNode.Parse(json.Span)!);
        return Task.FromResult(EventDelivery.Accepted);
    }
}
