using System.Text;
using DicomFunctions.Core.DicomWeb;

namespace DicomFunctions.Integration.Peers;

/// <summary>Keeps what was retrieved.</summary>
internal sealed class Retrieved : IInstanceSink, IDicomJsonSink
{
    /// <summary>The instances that came whole.</summary>
    public List<byte[]> Files { get; } = [];

    /// <summary>The data sets.</summary>
    public List<string> Rows { get; } = [];

    public async ValueTask WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        Files.Add(copy.ToArray());
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
    {
        Rows.Add(Encoding.UTF8.GetString(dataset.Span));
        return ValueTask.CompletedTask;
    }
}
