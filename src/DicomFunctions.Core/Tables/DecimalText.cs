using System.Globalization;

namespace DicomFunctions.Core.Tables;

/// <summary>A decimal number in digits.</summary>
/// <param name="Whole">The digits before the point.</param>
/// <param name="Scale">The digits after it.</param>
internal readonly record struct DecimalText(int Whole, int Scale)
{
    /// <summary>The most digits that <see cref="decimal"/> holds exactly.</summary>
    public const int MaxDigits = 28;

    /// <summary>How a number is written, without spaces around it.</summary>
    public const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public bool IsExact => Whole + Scale <= MaxDigits;

    /// <summary>The digits that both of two numbers fit into.</summary>
    public DecimalText With(DecimalText other) => new(Math.Max(Whole, other.Whole), Math.Max(Scale, other.Scale));

    public static decimal Parse(string text) => decimal.Parse(text, Style, CultureInfo.InvariantCulture);

    /// <summary>Whether a text is a decimal number that can be held exactly.</summary>
    public static bool TryMeasure(string text, out DecimalText digits)
    {
        digits = default;
        var rest = text.AsSpan();
        if (rest is ['+' or '-', ..])
            rest = rest[1..];
        var exponent = 0;
        var e = rest.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            // More could not be exact, unless all digits are zero.
            if (!int.TryParse(rest[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs((long)exponent) > MaxDigits)
            {
                return false;
            }

            rest = rest[..e];
        }

        var point = rest.IndexOf('.');
        var whole = point < 0 ? rest : rest[..point];
        var fraction = point < 0 ? [] : rest[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
            return false;
        digits = new DecimalText(
            Math.Max(whole.TrimStart('0').Length + exponent, 0),
            Math.Max(fraction.Length - exponent, 0));
        return digits.IsExact;
    }
}
