using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary>What helps a user who is new, mistypes, or presses Tab.</summary>
public sealed class HelpTests
{
    [Fact]
    public async Task Without_a_command_there_are_help_and_three_examples()
    {
        var run = await DicomFn.RunAsync([], settings: null);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("Usage:\n  dicomfn [command] [options]", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, run.Output[run.Output.IndexOf("Examples:", StringComparison.Ordinal)..].Split("\n  dicomfn ").Length - 1);
    }

    [Theory]
    [InlineData("serach", "'serach' is not a command or an option. Did you mean 'search'?", "dicomfn")]
    [InlineData("jobs lst", "'lst' is not a command or an option. Did you mean 'list'?", "dicomfn jobs")]
    [InlineData("jobs wobble", "'wobble' is not a command or an option.", "dicomfn jobs")]
    [InlineData("search --stroe=x", "'--stroe=x' is neither an option nor KEY=VALUE. Did you mean '--store'?", "dicomfn search")]
    [InlineData("retrieve 1.2 --tpye", "'--tpye' is neither a UID nor a path. Did you mean '--type'?", "dicomfn retrieve")]
    [InlineData("upload x --dta", "Unknown option '--dta'. If it is a file, write ./--dta. Did you mean '--data'?", "dicomfn upload")]
    [InlineData("jobs list --limit x", "--limit must be a whole number from 1 to 2147483647.", "dicomfn jobs list")]
    public async Task A_mistake_is_named_with_what_was_meant_and_where_the_help_is(string line, string message, string command)
    {
        var run = await DicomFn.RunAsync(line.Split(' '), settings: null);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal($"dicomfn: {message}\nRun '{command} --help'.\n", run.Error);
    }

    [Theory]
    [InlineData("dicomfn se", "search serve")]
    [InlineData("dicomfn search --st", "--store")]
    [InlineData("dicomfn retrieve --level s", "series studies")]
    [InlineData("dicomfn jobs re", "resume retry results")]
    public async Task Bash_completes_commands_options_and_values(string line, string words)
    {
        var script = (await DicomFn.RunAsync("completion", "bash")).Output;
        var given = line.Split(' ');
        var test = script
            + $"\nCOMP_WORDS=({line}); COMP_CWORD={given.Length - 1}; COMP_LINE='{line}'; COMP_POINT={line.Length}; _dicomfn; "
            + "printf '%s\\n' \"${COMPREPLY[@]}\"";

        var run = await Shell.RunAsync("bash", Path.GetTempPath(), test);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            words.Split(' ').Order(StringComparer.Ordinal),
            run.Lines.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("zsh", "compdef _dicomfn dicomfn")]
    [InlineData("fish", "complete -c dicomfn")]
    public async Task The_scripts_of_other_shells_register_themselves(string shell, string registration)
    {
        var run = await DicomFn.RunAsync("completion", shell);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(registration, run.Output, StringComparison.Ordinal);
    }

    [ShellTheory("fish")]
    [InlineData("dicomfn completion fish | source; complete -C 'dicomfn jobs re'", "results resume retry")]
    [InlineData("dicomfn completion fish | source; complete -C 'dicomfn search --st'", "--store")]
    public async Task Fish_completes_commands_and_options(string script, string words)
    {
        // An empty folder: fish offers its files, too.
        using var folder = new TempFolder();
        var run = await Shell.RunAsync("fish", folder.Path, script);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(words.Split(' '), run.Lines.Select(line => line.Split('\t')[0]).Order(StringComparer.Ordinal));
    }

    [ShellTheory("zsh")]
    [InlineData("dicomfn jobs re", "results resume retry")]
    public async Task Zsh_completes_commands(string line, string words)
    {
        // Without its line editor, zsh has no position: the test sets it, and lists what would be added.
        var run = await Shell.RunAsync(
            "zsh",
            Path.GetTempPath(),
            $"compdef() {{ }}; compadd() {{ shift; print -l ${{(P)1}} }}; BUFFER='{line}'; CURSOR={line.Length}; "
                + "source <(dicomfn completion zsh); _dicomfn");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(words.Split(' '), run.Lines.Order(StringComparer.Ordinal));
    }
}
