using System.Runtime.CompilerServices;

namespace DicomFunctions.Core.Sources;

internal static class SourceItems
{
    public static async IAsyncEnumerable<SourceItem> One(SourceItem item)
    {
        yield return item;
        await Task.CompletedTask.ConfigureAwait(false);
    }

    public static IAsyncEnumerable<SourceItem> Failed(string reference, string code, string message) =>
        One(new(reference, new SourceProblem(code, message)));

    /// <summary>Returns the items, or one with a problem if there are none.</summary>
    public static async IAsyncEnumerable<SourceItem> OrNoMatch(
        this IAsyncEnumerable<SourceItem> items, string reference, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var any = false;
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            any = true;
            yield return item;
        }

        if (!any)
            yield return new(reference, new SourceProblem(SourceProblemCode.NoMatch, "Nothing matches the pattern."));
    }
}
