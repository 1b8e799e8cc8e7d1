using DicomFunctions.Core.Sources;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources;

internal static class SourceReading
{
    /// <summary>All that a reference stands for: the sources' references, or a problem's code in angle brackets.</summary>
    public static async Task<List<string>> ExpandAsync(this ISourceProvider provider, string reference)
    {
        var items = new List<string>();
        await foreach (var item in provider.ExpandAsync(reference, CancellationToken.None))
            items.Add(item.Problem is { } problem ? $"<{problem.Code}>" : item.Reference);
        return items;
    }

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
