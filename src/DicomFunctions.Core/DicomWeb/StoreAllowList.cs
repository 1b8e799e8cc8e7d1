using DicomFunctions.Core.Dicom;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>Which stores this host may use (<see cref="DicomWebOptions.AllowedStores"/>).</summary>
public sealed class StoreAllowList(IOptions<DicomWebOptions> options)
{
    /// <summary>What a record says of a store that is not on the list.</summary>
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
