using System.CommandLine;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn completion</c>: the scripts that let shells complete commands, options and their values.</summary>
/// <remarks>They ask <c>dicomfn "[suggest:POSITION]" LINE</c>, which prints what may stand there, one per line.</remarks>
internal static class CompletionCommand
{
    private const string Bash =
        """
        # For the shell that runs:  source <(dicomfn completion bash)
        # For all: add that line to ~/.bashrc.
        _dicomfn() {
          local word=${COMP_WORDS[COMP_CWORD]}
          mapfile -t COMPREPLY < <(compgen -W "$(dicomfn "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word")
        }
        complete -o default -F _dicomfn dicomfn
        """;

    private const string Zsh =
        """
        #compdef dicomfn
        # For the shell that runs:  source <(dicomfn completion zsh)
        # For all: dicomfn completion zsh > a file _dicomfn in a folder of $fpath.
        _dicomfn() {
          local -a found
          found=(${(f)"$(dicomfn "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)"})
          if (( $#found )); then compadd -a found; else _files; fi
        }
        compdef _dicomfn dicomfn
        """;

    private const string Fish =
        """
        # For the shell that runs:  dicomfn completion fish | source
        # For all: dicomfn completion fish > ~/.config/fish/completions/dicomfn.fish
        function __dicomfn_complete
          set -l line (commandline -cp)
          dicomfn "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c dicomfn -a '(__dicomfn_complete)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "The shell.", HelpName = "bash|zsh|fish" }
            .AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the script that lets a shell complete dicomfn's commands and options.") { shell };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(parsed.GetRequiredValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash });
            return ExitCode.Ok;
        });
        return command;
    }
}
