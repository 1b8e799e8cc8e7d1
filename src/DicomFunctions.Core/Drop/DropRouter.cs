using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Sources;

namespace DicomFunctions.Core.Drop;

/// <summary>Says which store a dropped file goes to.</summary>
internal sealed class DropRouter(DropOptions options)
{
    /// <summary>The input for a file, at a version of it; one that can not be routed has a problem, and so becomes a failed record.</summary>
    public UploadInput Route(string name, string version)
    {
        var path = name.AsSpan(DropFolder.Incoming.Length);
        var end = path.IndexOf('/');
        if (options.Aliases.Count > 0 && end >= 0)
        {
            return options.Aliases.TryGetValue(path[..end].ToString(), out var store)
                ? new UploadInput(name, version, store)
                : new UploadInput(name, version, Problem: new("unknown_alias", "The folder's name is not the alias of a store."));
        }

        return options.Destination is not null
            ? new UploadInput(name, version)
            : new UploadInput(name, version, Problem: new SourceProblem("no_destination", "There is no store for files outside the aliases' folders."));
    }
}
