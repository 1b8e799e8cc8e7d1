namespace DicomFunctions.Local.Hosting;

/// <summary>What a command tells its user while it works. A view that draws on the terminal takes the lines over.</summary>
internal sealed class Notices
{
    private volatile Action<string> _write = Console.Error.WriteLine;

    public void Write(string line) => _write($"dicomfn: {line}");

    /// <summary>Hands lines to this until the result is disposed.</summary>
    public IDisposable Redirect(Action<string> write)
    {
        _write = write;
        return new Redirection(this);
    }

    private sealed class Redirection(Notices notices) : IDisposable
    {
        public void Dispose() => notices._write = Console.Error.WriteLine;
    }
}
