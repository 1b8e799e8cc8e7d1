using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>What the uploads of this process may hold in memory at once, however many workers there are.</summary>
internal sealed class UploadMemory(IOptions<JobOptions> options)
{
    private long _left = options.Value.UploadMemory;

    /// <summary>Takes room for a file if there is any.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
            return true;
        Interlocked.Add(ref _left, bytes);
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _left, bytes);
}
