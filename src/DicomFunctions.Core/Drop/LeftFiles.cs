using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Tells which files in <c>drop/incoming</c> have an error that says they are left there at their current version. Lists all errors once,
/// when asked about the first file, and keeps only a hash of each name.
/// </summary>
internal sealed class LeftFiles(IObjectStore store, DropErrors errors)
{
    private HashSet<int>? _errors;

    public async ValueTask<bool> IncludesAsync(string name, string named, string version, CancellationToken cancellationToken)
    {
        _errors ??= await store.ListAsync(DropFolder.Failed, cancellationToken)
            .Where(file => DropNames.IsError(file.Name))
            .Select(file => string.GetHashCode(file.Name, StringComparison.Ordinal))
            .ToHashSetAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        if (_errors.Count == 0)
            return false;
        foreach (var error in DropNames.Candidates(named, version).Select(DropNames.Error))
        {
            if (_errors.Contains(string.GetHashCode(error, StringComparison.Ordinal))
                && await errors.FindAsync(error, cancellationToken).ConfigureAwait(false) is ({ Left: not null } found, _)
                && found.Source == name && found.Version == version)
            {
                return true;
            }
        }

        return false;
    }
}
