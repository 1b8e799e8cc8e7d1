using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Events;

/// <summary>Computes a hash of the events in the outbox.</summary>
internal sealed class LookIntoOutbox(Outbox outbox) : IActivity<string, string>
{
    public async Task<string> RunAsync(string input, CancellationToken cancellationToken) =>
        Of(await outbox.ListAsync(cancellationToken).Select(item => item.Id).ToListAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>The hash of a list of ids.</summary>
    public static string Of(IEnumerable<string> ids)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var id in ids)
            hash.AppendData(Encoding.UTF8.GetBytes(id + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
