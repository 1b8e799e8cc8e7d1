namespace DicomFunctions.Deployment.Tests;

/// <summary>The shell commands of a page of the documentation.</summary>
internal static class Markdown
{
    /// <summary>The blocks of commands, in order; with an indent, those of lists.</summary>
    public static IReadOnlyList<string> Commands(string path, string indent = "")
    {
        List<string> blocks = [];
        List<string>? block = null;
        foreach (var line in Repository.Text(path).Split('\n'))
        {
            if (block is null && line == $"{indent}```sh")
            {
                block = [];
            }
            else if (block is not null && line == $"{indent}```")
            {
                blocks.Add(string.Join('\n', block) + "\n");
                block = null;
            }
            else
            {
                block?.Add(line.Length > indent.Length ? line[indent.Length..] : "");
            }
        }

        return blocks;
    }
}
