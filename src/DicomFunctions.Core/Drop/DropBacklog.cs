namespace DicomFunctions.Core.Drop;

/// <summary>How much is in the drop folder.</summary>
/// <param name="Waiting">The number of files in <c>drop/incoming</c>, counted to <see cref="DropBacklogCount.Most"/>.</param>
/// <param name="Failed">The number of errors in <c>drop/failed</c>, counted likewise.</param>
internal sealed record DropBacklog(int Waiting, int Failed);
