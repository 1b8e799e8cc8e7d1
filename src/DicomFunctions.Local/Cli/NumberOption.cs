using System.CommandLine;
using System.Globalization;

namespace DicomFunctions.Local.Cli;

/// <summary>Options whose value is a whole number in a range; the error for any other value names the option and the range.</summary>
internal static class NumberOption
{
    public static Option<int?> Create(string name, int min, int max, string description, params string[] aliases)
    {
        var option = new Option<int?>(name, aliases) { Description = description, HelpName = "N" };
        option.CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value >= min && value <= max)
            {
                return value;
            }

            result.AddError($"{name} must be a whole number from {min} to {max}.");
            return null;
        };
        return option;
    }
}
