using System.Globalization;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Sources;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>
/// Sources <c>paged:NAME</c>: <c>paged:NAME/*</c> stands for pages of files, and <c>paged:NAME/**</c> for patterns that do.
/// </summary>
internal sealed class PagedSource(int pages, int perPage) : ISourceProvider
{
    /// <summary>Awaited before a page, with its number over all patterns, from 1.</summary>
    public Func<int, CancellationToken, Task> BeforePage { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>Number of pages given.</summary>
    public int Given { get; private set; }

    public string Example => "paged:NAME";

    public bool CanOpen(string reference) => reference.StartsWith("paged:", StringComparison.Ordinal);

    public bool IsPattern(string reference) => reference.EndsWith('*');

    public async IAsyncEnumerable<SourcePage> ExpandAsync(
        string reference, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isDeep = reference.EndsWith("**", StringComparison.Ordinal);
        for (var page = after is null ? 0 : int.Parse(after, CultureInfo.InvariantCulture); page < pages; page++)
        {
            await BeforePage(++Given, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(
                [.. Enumerable.Range(page * perPage, perPage).Select(i => new SourceItem(Name(reference, i, isDeep), IsPattern: isDeep))],
                page + 1 < pages ? $"{page + 1}" : null);
        }
    }

    public Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult(SourceOpening.Failed(FailureCode.NotFound, "There is nothing here."));

    /// <summary>The names that a pattern stands for, in order.</summary>
    public IEnumerable<string> Names(string reference)
    {
        var isDeep = reference.EndsWith("**", StringComparison.Ordinal);
        var found = Enumerable.Range(0, pages * perPage).Select(i => Name(reference, i, isDeep));
        return isDeep ? found.SelectMany(Names) : found;
    }

    private static string Name(string reference, int i, bool isDeep) =>
        string.Create(CultureInfo.InvariantCulture, $"{reference.TrimEnd('*')}{i:D2}{(isDeep ? "/*" : "")}");
}
