using Xunit;

namespace DicomFunctions.Testing;

/// <summary>A test that needs a <see cref="TinyDisk"/>; skipped, saying so, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TinyDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        try
        {
            using var disk = new TinyDisk(64);
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public TinyDiskFactAttribute()
    {
        if (!CanMount.Value)
            Skip = "Needs the right to mount a small file system.";
    }
}
