using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Storage;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Drop;

/// <summary>Validates the stores and aliases.</summary>
internal sealed class DropOptionsValidator : IValidateOptions<DropOptions>
{
    private const string Aliases = $"{DropOptions.SectionName}:{nameof(DropOptions.Aliases)}";

    public ValidateOptionsResult Validate(string? name, DropOptions options)
    {
        List<string> problems = [];
        if (options.Destination is { } destination && !DicomStorePath.TryParse(destination, out _, out var problem))
            problems.Add($"{DropOptions.SectionName}:{nameof(DropOptions.Destination)}: {problem}");
        foreach (var (alias, store) in options.Aliases)
        {
            if (ObjectName.Problem(alias) is not null || alias.Contains('/', StringComparison.Ordinal))
                problems.Add($"{Aliases}: '{alias}' is not a folder name.");
            if (!DicomStorePath.TryParse(store, out _, out problem))
                problems.Add($"{Aliases}:{alias}: {problem}");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
