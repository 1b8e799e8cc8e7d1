using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Sources;

namespace DicomFunctions.Core.Drop;

/// <summary>Finds the store for a dropped file.</summary>
internal sealed class DropRouter(DropOptions options)
{
    /// <summary>The input for a file at its version. A file that cannot be routed has a problem, and becomes a failed record.</summary>
    public UploadInput Route(string name, string version)
    {
        var path = name.AsSpan(DropFolder.Incoming.Length);
        var end = path.IndexOf('/');
        if (options.Aliases.Count > 0 && end >= 0)
        {
            return options.Aliases.TryGetValue(path[..end].ToString(), out var store)
                ? new UploadInput(name, version, store)
                : new UploadInput(name, version, Problem: new(FailureCode.UnknownAlias, "The folder's name is not the alias of a store."));
        }

        return options.Destination is not null
            ? new UploadInput(name, version)
            : new UploadInput(
                name, version, Problem: new SourceProblem(
                    FailureCode.NoDestination, "There is no store for files outside the aliases' folders."));
    }
}
