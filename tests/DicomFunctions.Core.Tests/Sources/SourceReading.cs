using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Sources;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources;

internal static class SourceReading
{
    /// <summary>
    /// All that a reference stands for: the sources' references, or a problem's code in angle brackets; <c>no_match</c> for nothing.
    /// </summary>
    public static async Task<List<string>> ExpandAsync(this ISourceProvider provider, string reference)
    {
        var items = new List<string>();
        await foreach (var page in provider.ExpandAsync(reference, after: null, CancellationToken.None))
            items.AddRange(page.Items.Select(Text));
        return items.Count > 0 ? items : [$"<{FailureCode.NoMatch}>"];
    }

    /// <summary>The same, but each page is listed anew after the one before it, as by another process.</summary>
    public static async Task<List<string>> ExpandPageByPageAsync(this ISourceProvider provider, string reference)
    {
        var items = new List<string>();
        string? after = null;
        do
        {
            await using var pages = provider.ExpandAsync(reference, after, CancellationToken.None).GetAsyncEnumerator();
            if (!await pages.MoveNextAsync())
                break;
            items.AddRange(pages.Current.Items.Select(Text));
            Assert.NotEqual(after ?? "", pages.Current.Next);
            after = pages.Current.Next;
        }
        while (after is not null);
        return items.Count > 0 ? items : [$"<{FailureCode.NoMatch}>"];
    }

    private static string Text(SourceItem item) => item.Problem is { } problem ? $"<{problem.Code}>" : item.Reference;

    public static async Task<byte[]> ReadAsync(this ISourceProvider provider, string reference)
    {
        await using var opened = await provider.OpenedAsync(reference);
        var bytes = await opened.ReadToEndAsync();
        Assert.Equal(opened.Length, bytes.Length);
        Assert.True(await opened.IsUnchangedAsync(CancellationToken.None));
        return bytes;
    }

    public static async Task<OpenedSource> OpenedAsync(this ISourceProvider provider, string reference)
    {
        var opening = await provider.OpenAsync(reference, CancellationToken.None);
        Assert.True(opening.IsOpen, opening.Problem?.Message);
        return opening.Opened;
    }

    /// <summary>The code of the problem an opening comes to.</summary>
    public static async Task<string> FailureAsync(this ISourceProvider provider, string reference)
    {
        var opening = await provider.OpenAsync(reference, CancellationToken.None);
        Assert.False(opening.IsOpen);
        Assert.EndsWith(".", opening.Problem.Message, StringComparison.Ordinal);
        return opening.Problem.Code;
    }

    public static async Task<byte[]> ReadToEndAsync(this OpenedSource opened)
    {
        var bytes = new MemoryStream();
        await opened.Content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
