using System.Collections.Concurrent;
using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb.Http;

/// <summary>One throttle per store and process.</summary>
internal sealed class StoreThrottles(TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<DicomStorePath, StoreThrottle> _throttles = new();

    public StoreThrottle For(DicomStorePath store) => _throttles.GetOrAdd(store, static (_, time) => new StoreThrottle(time), time);

    public void Dispose()
    {
        foreach (var throttle in _throttles.Values)
            throttle.Dispose();
    }
}
