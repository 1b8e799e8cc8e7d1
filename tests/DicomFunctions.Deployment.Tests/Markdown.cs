namespace DicomFunctions.Deployment.Tests;

/// <summary>The shell commands of a page of the documentation.</summary>
internal static class Markdown
{
    /// <summary>The blocks of commands, in order.</summary>
    public static IReadOnlyList<string> Commands(string path)
    {
        List<string> blocks = [];
        List<string>? block = null;
        foreach (var line in Repository.Text(path).Split('\n'))
        {
            if (block is null && line == "```sh")
            {
                block = [];
            }
            else if (block is not null && line == "```")
            {
                blocks.Add(string.Join('\n', block) + "\n");
                block = null;
            }
            else
            {
                block?.Add(line);
            }
        }

        return blocks;
    }
}
