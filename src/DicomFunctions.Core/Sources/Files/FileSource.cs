using DicomFunctions.Core.FileSystem;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Sources.Files;

/// <summary>
/// Sources that are files under the roots of <see cref="SourceOptions.AllowedRoots"/>: <c>file:</c> and a path, a folder (with all
/// below it) or a glob. Links are followed as long as they stay under a root, linked folders only where they are named.
/// </summary>
internal sealed class FileSource(IOptions<SourceOptions> options) : ISourceProvider
{
    private const string Scheme = "file";
    private const int MaxPathLength = 4096;

    private readonly FileRoots _roots = new(options.Value.AllowedRoots);

    public string Example => "file:path";

    public bool CanOpen(string reference) => SourceScheme.Is(reference, Scheme);

    public bool IsPattern(string reference) =>
        PathOf(reference, out var path) is null && (Glob.IsPattern(path) || (_roots.HasPlaceFor(path) && Directory.Exists(path)));

    public IAsyncEnumerable<SourceItem> ExpandAsync(string reference, CancellationToken cancellationToken)
    {
        if (PathOf(reference, out var path) is { } problem)
            return SourceItems.One(new(reference, problem));
        if (!IsPattern(reference))
            return SourceItems.One(new(reference));
        var glob = new Glob(Glob.IsPattern(path) ? path : path + "/");
        if (_roots.Resolve(glob.Folder, out _) is { } outside)
            return SourceItems.One(new(reference, outside));
        return !Directory.Exists(glob.Folder)
            ? SourceItems.Failed(reference, SourceProblemCode.NotFound, "There is no such folder.")
            : new FolderWalk(Scheme + ":", glob).RunAsync(cancellationToken).OrNoMatch(reference, cancellationToken);
    }

    public Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult(Open(reference));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException)
        {
            return Failed(SourceProblemCode.Forbidden, "This host's user may not read the file.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Failed(SourceProblemCode.NotFound, "There is no such file.");
        }
        catch (IOException exception) when (!HostTrouble.Is(exception))
        {
            return Failed(SourceProblemCode.Unreadable, "The file can not be read: the file system reports an error.");
        }
    }

    private static Task<SourceOpening> Failed(string code, string message) => Task.FromResult(SourceOpening.Failed(code, message));

    private SourceOpening Open(string reference)
    {
        if (PathOf(reference, out var path) is { } malformed)
            return new(malformed);
        if (_roots.Resolve(path, out var found) is { } problem)
            return new(problem);
        var file = RootedFile.Open(found.Root, found.Path);
        var stat = FileCalls.Stat(file, found.Path);
        if (stat.Kind is not FileKind.Regular || stat.Length == 0)
        {
            file.Dispose();
            return stat.Kind switch
            {
                FileKind.Regular => SourceOpening.Failed(SourceProblemCode.Empty, "The file is empty."),
                FileKind.Directory => SourceOpening.Failed(
                    SourceProblemCode.Unreadable, "This is a folder, not a file. End it with '/' to mean all its files."),
                _ => SourceOpening.Failed(SourceProblemCode.Unreadable, "This is not a regular file."),
            };
        }

        // Asked of the open file: one that is replaced whole meanwhile stays as it was for who has it open.
        var content = new FileStream(file, FileAccess.Read, bufferSize: 0);
        return new(new OpenedSource(
            content, stat.Length, stat.ETag, _ => ValueTask.FromResult(FileCalls.Stat(file, found.Path).ETag == stat.ETag)));
    }

    /// <summary>The absolute path of a reference, under a root by its text at least; or why there is none.</summary>
    private SourceProblem? PathOf(string reference, out string path)
    {
        path = "";
        var text = reference.AsSpan(Scheme.Length + 1);
        if (text.StartsWith("//", StringComparison.Ordinal))
            text = text[2..];
        if (text.IsEmpty || text.Length > MaxPathLength || text.Contains('\0'))
            return new(SourceProblemCode.BadReference, "A file is named file:path, the path being 1 to 4,096 characters and none of them NUL.");
        if (reference.AsSpan(Scheme.Length + 1).Length != text.Length && text[0] != '/')
            return new(SourceProblemCode.BadReference, "A file of another host can not be read. Write file:/path, or file:path below the first allowed root.");
        if (_roots.First is not { } first)
        {
            return new(
                SourceProblemCode.Forbidden,
                $"This host reads no files: its option {SourceOptions.SectionName}:{nameof(SourceOptions.AllowedRoots)} names no folder.");
        }

        path = FileRoots.WithSlashes(Path.GetFullPath(text.ToString(), first));
        return null;
    }
}
