using DicomFunctions.Core.Dicom;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>The stores that this host may use (<see cref="DicomWebOptions.AllowedStores"/>).</summary>
internal sealed class StoreAllowList(IOptions<DicomWebOptions> options)
{
    /// <summary>The message in the record of an input whose store is not permitted.</summary>
    public const string Refusal = "This host is not allowed to use that store.";

    private readonly string[] _allowed = [.. options.Value.AllowedStores];

    public bool Allows(DicomStorePath store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (_allowed.Length == 0)
            return true;
        var path = store.ToString();
        return Array.Exists(_allowed, allowed => allowed.EndsWith('*')
            ? path.StartsWith(allowed[..^1], StringComparison.Ordinal)
            : path == allowed);
    }
}
