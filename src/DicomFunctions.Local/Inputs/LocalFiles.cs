using System.Runtime.CompilerServices;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Sources.Files;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Inputs;

/// <summary>
/// Finds the files of this machine that the command line names: each file of a folder, a glob or a zip file becomes an input of its own,
/// except for those that are passed over. A file that is named itself is always taken.
/// </summary>
internal sealed class LocalFiles(FileFilter filter)
{
    private const string Scheme = "file:";

    /// <summary>Prefixes of sources that are not paths.</summary>
    private static readonly string[] Schemes = ["gs://", "gcs://", Scheme, "dicomweb:"];

    private static readonly SourceProblem Nothing = new(
        FailureCode.NoMatch, "There is nothing to upload: the folder is empty, nothing matches, or all files are passed over.");

    /// <summary>The files. On the command line, the operating system decides what the user may read.</summary>
    public static FileSource Files { get; } = Create();

    /// <summary>Whether a source is a path, relative to the working directory unless it begins with a slash.</summary>
    public static bool IsPath(string source) =>
        !Schemes.Any(scheme => source.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds the files that a source names. A source of another kind is returned as it is.</summary>
    public async IAsyncEnumerable<UploadInput> FindAsync(UploadInput given, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (given.Problem is not null || ToReference(given.Source) is not { } reference)
        {
            yield return given;
            yield break;
        }

        if (!Files.IsPattern(reference))
        {
            yield return given with { Source = reference, IsLiteral = true };
            yield break;
        }

        var any = false;
        await foreach (var found in ExpandAsync(reference, FolderOf(reference), cancellationToken).ConfigureAwait(false))
        {
            any = true;
            yield return found with { Store = given.Store };
        }

        if (!any)
            yield return given with { Source = reference, Problem = Nothing };
    }

    private async IAsyncEnumerable<UploadInput> ExpandAsync(
        string reference, string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in Files.ExpandAsync(reference, after: null, cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in page.Items)
            {
                var path = item.Reference.StartsWith(folder, StringComparison.Ordinal) ? item.Reference[folder.Length..] : item.Reference;
                if (item.Problem is not null)
                {
                    yield return new UploadInput(item.Reference, Problem: item.Problem);
                }
                else if (!item.IsPattern)
                {
                    if (filter.Takes(path))
                        yield return new UploadInput(item.Reference, IsLiteral: true);
                }
                else if (filter.Enters(path))
                {
                    // A zip file: its entries are files of the folder. There are none within them, so this goes one level deep.
                    await foreach (var entry in ExpandAsync(item.Reference, folder, cancellationToken).ConfigureAwait(false))
                        yield return entry;
                }
            }
        }
    }

    /// <summary>The reference of a path or of a <c>file:</c> source; null for others.</summary>
    private static string? ToReference(string source)
    {
        var path = source.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? PathOf(source) : IsPath(source) ? source : null;
        if (string.IsNullOrEmpty(path) || path.Contains('\0', StringComparison.Ordinal))
            return null;
        var full = Path.GetFullPath(path);
        return Scheme + full + (Directory.Exists(full) && !full.EndsWith('/') ? "/" : "");
    }

    /// <summary>The path of <c>file:path</c> or <c>file:///path</c>; null for a file on another host, which its record says.</summary>
    private static string? PathOf(string source)
    {
        var path = source[Scheme.Length..];
        return !path.StartsWith("//", StringComparison.Ordinal) ? path
            : path.StartsWith("///", StringComparison.Ordinal) ? path[2..]
            : null;
    }

    /// <summary>The folder that paths are shown from, with its scheme and a slash at the end.</summary>
    private static string FolderOf(string reference) => Glob.IsPattern(reference) ? new Glob(reference).Folder : reference + "/";

    private static FileSource Create()
    {
        var options = new SourceOptions();
        options.AllowedRoots.Add("/");
        return new FileSource(Options.Create(options));
    }
}
