using Spectre.Console;

namespace DicomFunctions.Local.Output;

/// <summary>The consoles that tables and bars are drawn on.</summary>
internal static class Terminal
{
    /// <summary>Wide enough that no cell is folded where nobody looks at the lines.</summary>
    private const int RedirectedWidth = 10_000;

    /// <summary>Whether standard error can show a bar that moves.</summary>
    public static bool CanShowBar =>
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "" or null);

    public static IAnsiConsole Output() => Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error() => Create(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (isRedirected)
            console.Profile.Width = RedirectedWidth;
        return console;
    }
}
