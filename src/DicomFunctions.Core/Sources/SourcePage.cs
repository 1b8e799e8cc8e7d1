namespace DicomFunctions.Core.Sources;

/// <summary>Some of the sources that a pattern stands for.</summary>
/// <param name="Items">May be empty.</param>
/// <param name="Next">
/// What <see cref="ISourceProvider.ExpandAsync"/> continues from after this page, even in another process; null if nothing follows. It may
/// contain names: keep it where the sources' references are kept.
/// </param>
internal sealed record SourcePage(IReadOnlyList<SourceItem> Items, string? Next = null);
