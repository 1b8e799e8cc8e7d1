using System.CommandLine;

namespace DicomFunctions.Local.Cli;

/// <summary>Finds what a mistyped command or option was meant to be.</summary>
internal static class Suggestions
{
    private const int MostEdits = 2;

    /// <summary>The nearest of a command's own subcommands and options; null if none is near.</summary>
    /// <param name="command">The command that the word was given to.</param>
    /// <param name="word">The word.</param>
    public static string? For(Command command, string word)
    {
        var names = word.StartsWith('-')
            ? command.Parents.OfType<Command>().Prepend(command).SelectMany(each => each.Options)
                .Where(option => !option.Hidden).Select(option => option.Name)
            : command.Subcommands.Where(each => !each.Hidden).Select(each => each.Name);
        return names.Select(name => (Name: name, Edits: Edits(word, name)))
            .Where(found => found.Edits <= MostEdits && found.Edits < found.Name.Length / 2)
            .OrderBy(found => found.Edits)
            .Select(found => found.Name)
            .FirstOrDefault();
    }

    /// <summary>The number of letters to insert, remove, replace or swap with a neighbour, to make one word of the other.</summary>
    private static int Edits(string from, string to)
    {
        var edits = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                var isSame = from[i - 1] == to[j - 1];
                edits[i, j] = Math.Min(
                    Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1,
                    edits[i - 1, j - 1] + (isSame ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }

        return edits[from.Length, to.Length];
    }
}
