using DicomFunctions.Local.Cli;
using Xunit;

namespace DicomFunctions.Local.Tests.Cli;

/// <summary>Every command line in the documentation is accepted as written, including its placeholders.</summary>
public sealed class DocumentedCommandTests
{
    private static readonly string Repository = FindRepository();

    public static TheoryData<string> Commands()
    {
        var commands = new TheoryData<string>();
        foreach (var page
            in Directory.EnumerateFiles(Path.Combine(Repository, "docs"), "*.md").Append(Path.Combine(Repository, "README.md")))
        {
            foreach (var line in File.ReadLines(page).Where(line => line.StartsWith("dicomfn ", StringComparison.Ordinal)))
                commands.Add($"{Path.GetRelativePath(Repository, page)}: {line.TrimEnd('&', ' ')}");
        }

        return commands;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Parse_a_documented_command_has_no_errors(string command) =>
        Assert.Empty(
            DicomFnCommand.Parse([.. Words(command)]).Errors.Select(error => error.Message));

    /// <summary>The words after the page and <c>dicomfn</c>, without what is the shell's.</summary>
    private static IEnumerable<string> Words(string command) =>
        command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2..].TakeWhile(word => word is not (">" or "|" or "||" or "&&" or "&"));

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DicomFunctions.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("These tests run in the repository.");
        return folder.FullName;
    }
}
