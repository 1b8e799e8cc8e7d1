using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Notifications;
using DicomFunctions.Core.Records;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>An input of a search or notifications job: the search it asks for, or what is wrong with it.</summary>
internal sealed record SearchInput
{
    /// <summary>The line as submitted.</summary>
    public required ReadOnlyMemory<byte> Line { get; init; }

    /// <summary>The search; null if there is a problem.</summary>
    public QidoRequest? Request { get; init; }

    /// <summary>What is wrong with the search request.</summary>
    public string? Problem { get; init; }

    /// <summary>The message it came from; null for a search request.</summary>
    public MessageInput? Message { get; init; }

    public static SearchInput Parse(JobKind kind, ReadOnlyMemory<byte> line)
    {
        if (kind == JobKind.Search)
        {
            SearchRequestReader.TryRead(line.Span, out var request, out var problem);
            return new SearchInput { Line = line, Request = request, Problem = problem };
        }

        var message = MessageInput.Parse(line.Span);
        return new SearchInput
        {
            Line = line,
            Message = message,
            Request = message.Instance is { } instance ? FormatToQido.ToRequest(instance) : null,
        };
    }
}
