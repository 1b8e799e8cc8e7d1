using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>Limits the memory of all uploads of this process together.</summary>
internal sealed class UploadMemory(IOptions<JobOptions> options)
{
    private long _left = options.Value.UploadMemory;

    /// <summary>Takes memory for a file. False if there is not enough left.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
            return true;
        Interlocked.Add(ref _left, bytes);
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _left, bytes);
}
