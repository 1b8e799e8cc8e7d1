using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace DicomFunctions.Local.Cli;

/// <summary>
/// How many files the system lets this process have open (RLIMIT_NOFILE). With too few, the runtime fails wherever it next loads
/// an assembly, and blames that.
/// </summary>
internal static partial class OpenFileLimit
{
    /// <summary>The runtime keeps some 150 open for its assemblies; work takes the others.</summary>
    private const nuint Least = 256;

    private const int StandardError = 2;

    /// <summary>The number of RLIMIT_NOFILE in Linux's <c>asm-generic/resource.h</c>.</summary>
    private const int OpenFiles = 7;

    /// <summary>Whether there are too few; says so on standard error, without <see cref="Console"/>, which needs files of its own.</summary>
    public static bool IsTooLow()
    {
        if (!OperatingSystem.IsLinux() || GetLimit(OpenFiles, out var limit) != 0 || limit.Soft >= Least)
            return false;
        var text = string.Create(
            CultureInfo.InvariantCulture, $"dicomfn: This process may open only {limit.Soft} files; it needs {Least}. Raise the limit: ulimit -n {Least}.\n");
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
