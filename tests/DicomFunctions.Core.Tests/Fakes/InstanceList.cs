using DicomFunctions.Core.DicomWeb;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>Keeps the instances that were given whole.</summary>
internal sealed class InstanceList : IInstanceSink
{
    public List<byte[]> Files { get; } = [];

    /// <summary>How often an instance began.</summary>
    public int Begun { get; private set; }

    public async ValueTask WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        Begun++;
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        Files.Add(copy.ToArray());
    }
}
