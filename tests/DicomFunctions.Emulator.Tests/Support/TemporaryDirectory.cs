namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>A directory that disposal deletes.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("emulator-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
