using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Drop;

/// <summary>Computes a hash of the names and versions of all files in <c>drop/incoming</c>.</summary>
internal sealed class LookIntoDrop(IObjectStore store) : IActivity<string, string>
{
    public async Task<string> RunAsync(string input, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var file in store.ListAsync(DropFolder.Incoming, cancellationToken).ConfigureAwait(false))
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Name}\n{file.ETag}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
