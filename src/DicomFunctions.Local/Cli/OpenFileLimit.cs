using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace DicomFunctions.Local.Cli;

/// <summary>
/// The number of files that this process may open (RLIMIT_NOFILE). If it is too low, the runtime fails at the next assembly it loads, and
/// reports that as the cause.
/// </summary>
internal static partial class OpenFileLimit
{
    /// <summary>The runtime keeps about 150 open for its assemblies; the rest is for work.</summary>
    private const nuint Least = 256;

    private const int StandardError = 2;

    /// <summary>The number of RLIMIT_NOFILE in Linux's <c>asm-generic/resource.h</c>.</summary>
    private const int OpenFiles = 7;

    /// <summary>
    /// Whether the limit is too low; reports it on standard error, without <see cref="Console"/>, which opens files itself.
    /// </summary>
    public static bool IsTooLow()
    {
        if (!OperatingSystem.IsLinux() || GetLimit(OpenFiles, out var limit) != 0 || limit.Soft >= Least)
            return false;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"dicomfn: This process may open only {limit.Soft} files; it needs {Least}. Raise the limit: ulimit -n {Least}.\n");
        var bytes = Encoding.UTF8.GetBytes(text);
        _ = Write(StandardError, bytes, (nuint)bytes.Length);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, ReadOnlySpan<byte> bytes, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(nuint Soft, nuint Hard);
}
