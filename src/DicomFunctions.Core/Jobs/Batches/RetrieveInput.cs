using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Records;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>An input of a retrieve job: what to retrieve, or what is wrong with it.</summary>
/// <param name="Line">A copy of the line as submitted: the input may have to wait for an earlier one of its study.</param>
/// <param name="Request">What to retrieve; null if there is a problem.</param>
/// <param name="Type">Metadata or instances.</param>
/// <param name="Problem">What is wrong with the request; null if nothing is.</param>
internal sealed record RetrieveInput(byte[] Line, RetrieveRequest? Request, RetrieveType Type, string? Problem)
{
    public static RetrieveInput Parse(RetrieveType typeOfPaths, ReadOnlyMemory<byte> line)
    {
        RetrieveRequestReader.TryRead(line.Span, typeOfPaths, out var request, out var type, out var problem);
        return new RetrieveInput(line.ToArray(), request, type, problem);
    }
}
