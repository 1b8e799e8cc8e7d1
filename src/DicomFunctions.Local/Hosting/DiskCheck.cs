using System.Globalization;
using DicomFunctions.Core.Health;

namespace DicomFunctions.Local.Hosting;

/// <summary>Checks that the disk of the data directory has free space.</summary>
internal sealed class DiskCheck(DataDirectory data) : IHealthCheck
{
    /// <summary>The required space on a large disk; on a small one, a twentieth of the disk.</summary>
    private const long LeastBytes = 64L << 20;

    public string Name => "disk";

    public bool IsDeep => false;

    public Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        var disk = new DriveInfo(data.Path);
        var free = disk.AvailableFreeSpace;
        return Task.FromResult(free >= Math.Min(LeastBytes, disk.TotalSize / 20) ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The disk of the data directory has {free >> 20} MiB left. Free some space: jobs wait when the disk is full."));
    }
}
