using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Remote;

/// <summary>The key of a server's API.</summary>
internal static class ApiKey
{
    /// <summary>Reads it from a file.</summary>
    /// <exception cref="CommandFailedException">The file cannot be read, or holds no key.</exception>
    public static string Read(string file)
    {
        try
        {
            var key = File.ReadAllText(file).Trim();
            return key.Length > 0 && key.All(letter => letter is > ' ' and <= '~')
                ? key
                : throw new CommandFailedException($"--api-key-file: '{file}' does not hold a key, one line of visible ASCII characters.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"--api-key-file: cannot read '{file}': {exception.Message}", exception);
        }
    }
}
