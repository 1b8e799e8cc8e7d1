using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Sources.Files;

/// <summary>
/// Files below <see cref="SourceOptions.AllowedRoots"/>: <c>file:</c> with a path, a folder (everything below it) or a glob. Links are
/// followed while they stay below a root; linked folders only if they are named.
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

    public IAsyncEnumerable<SourcePage> ExpandAsync(string reference, string? after, CancellationToken cancellationToken)
    {
        if (PathOf(reference, out var path) is { } problem)
            return SourcePages.One(new(reference, problem));
        if (!IsPattern(reference))
            return SourcePages.One(new(reference));
        var glob = new Glob(Glob.IsPattern(path) ? path : path + "/");
        if (_roots.Resolve(glob.Folder, out _) is { } outside)
            return SourcePages.One(new(reference, outside));
        return !Directory.Exists(glob.Folder)
            ? SourcePages.Failed(reference, FailureCode.NotFound, "There is no such folder.")
            : new FolderWalk(Scheme + ":", glob).RunAsync(after, cancellationToken);
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
            return Failed(FailureCode.Forbidden, "This host's user may not read the file.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Failed(FailureCode.NotFound, "There is no such file.");
        }
        catch (IOException exception) when (!HostTrouble.Is(exception))
        {
            return Failed(FailureCode.Unreadable, "The file cannot be read: the file system reports an error.");
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
                FileKind.Regular => SourceOpening.Failed(FailureCode.Empty, "The file is empty."),
                FileKind.Directory => SourceOpening.Failed(
                    FailureCode.Unreadable, "This is a folder, not a file. Add a '/' at its end to upload all its files."),
                _ => SourceOpening.Failed(FailureCode.Unreadable, "This is not a regular file."),
            };
        }

        // Properties of the open file: if the file is replaced, this one stays as it was.
        var content = new FileStream(file, FileAccess.Read, bufferSize: 0);
        return new(new OpenedSource(
            content, stat.Length, stat.ETag, _ => ValueTask.FromResult(FileCalls.Stat(file, found.Path).ETag == stat.ETag)));
    }

    /// <summary>Finds the absolute path of a reference, below a root by its text at least, or returns why there is none.</summary>
    private SourceProblem? PathOf(string reference, out string path)
    {
        path = "";
        var text = reference.AsSpan(Scheme.Length + 1);
        if (text.StartsWith("//", StringComparison.Ordinal))
            text = text[2..];
        if (text.IsEmpty || text.Length > MaxPathLength || text.Contains('\0'))
            return new(FailureCode.BadReference, "Write file:path with a path of 1 to 4,096 characters, none of them NUL.");
        if (reference.AsSpan(Scheme.Length + 1).Length != text.Length && text[0] != '/')
        {
            return new(
                FailureCode.BadReference,
                "A file on another host cannot be read. Write file:/path, or file:path below the first allowed root.");
        }

        if (_roots.First is not { } first)
        {
            return new(
                FailureCode.Forbidden,
                $"This host reads no files: {SourceOptions.SectionName}:{nameof(SourceOptions.AllowedRoots)} is empty.");
        }

        path = FileRoots.WithSlashes(Path.GetFullPath(text.ToString(), first));
        return null;
    }
}
