using DicomFunctions.Core.Dicom;
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

    /// <summary>The instance that the message names; null for a search request.</summary>
    public DicomInstancePath? Instance { get; init; }

    /// <summary>What is wrong with the message.</summary>
    public DicomPathProblem? Unconverted { get; init; }

    /// <summary>The fields of the message that go into the record.</summary>
    public RecordExtras Extras { get; init; }

    public static SearchInput Parse(JobKind kind, ReadOnlyMemory<byte> line)
    {
        if (kind == JobKind.Search)
        {
            SearchRequestReader.TryRead(line.Span, out var request, out var problem);
            return new SearchInput { Line = line, Request = request, Problem = problem };
        }

        var message = NotificationMessageReader.Read(line.Span);
        FormatToQido.TryFormat(message, out var instance, out var unconverted);
        return new SearchInput
        {
            Line = line,
            Request = instance is null ? null : FormatToQido.ToRequest(instance),
            Instance = instance,
            Unconverted = unconverted,
            Extras = new RecordExtras { MessageId = message.MessageId, PublishTime = message.PublishTime },
        };
    }
}
