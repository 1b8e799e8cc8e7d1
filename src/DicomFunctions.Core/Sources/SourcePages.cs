namespace DicomFunctions.Core.Sources;

internal static class SourcePages
{
    public static async IAsyncEnumerable<SourcePage> One(SourceItem item)
    {
        yield return new([item]);
        await Task.CompletedTask.ConfigureAwait(false);
    }

    public static IAsyncEnumerable<SourcePage> Failed(string reference, string code, string message) =>
        One(new(reference, new SourceProblem(code, message)));
}
