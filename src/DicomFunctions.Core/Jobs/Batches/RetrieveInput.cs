using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Records;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>An input of a retrieve job, or of a notifications job that retrieves: what to retrieve, or what is wrong with it.</summary>
/// <param name="Line">A copy of the line as submitted: the input may have to wait for an earlier one of its study.</param>
/// <param name="Request">What to retrieve; null if there is a problem.</param>
/// <param name="Type">Metadata or instances.</param>
/// <param name="Problem">What is wrong with the request; null if nothing is.</param>
/// <param name="Message">The message it came from; null for a retrieve request.</param>
internal sealed record RetrieveInput(
    byte[] Line, RetrieveRequest? Request, RetrieveType Type, string? Problem, MessageInput? Message = null)
{
    public static RetrieveInput Parse(JobSpec spec, ReadOnlyMemory<byte> line)
    {
        if (spec.Kind == JobKind.Retrieve)
        {
            RetrieveRequestReader.TryRead(line.Span, spec.RetrieveType, out var asked, out var type, out var problem);
            return new RetrieveInput(line.ToArray(), asked, type, problem);
        }

        var message = MessageInput.Parse(line.Span);
        var request = message.Instance is not { } instance ? null : new RetrieveRequest
        {
            Store = instance.Store,
            StudyUid = instance.StudyInstanceUid,
            SeriesUid = instance.SeriesInstanceUid,
            SopInstanceUid = instance.SopInstanceUid,
        };
        return new RetrieveInput(line.ToArray(), request, MessageInput.RetrieveTypeOf(spec.Then), Problem: null, message);
    }
}
