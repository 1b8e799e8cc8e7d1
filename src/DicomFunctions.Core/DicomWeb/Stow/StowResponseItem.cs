using System.Globalization;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>One item of a sequence in a Store Instances Response. Servers may omit any of these attributes.</summary>
internal sealed class StowResponseItem
{
    /// <summary>(0008,1155), without padding; null if missing.</summary>
    public string? SopInstanceUid { get; private set; }

    public string? RetrieveUrl { get; private set; }

    public int? WarningReason { get; private set; }

    public int? FailureReason { get; private set; }

    /// <summary>Google's private (0009,1097).</summary>
    public string? FailureDetail { get; private set; }

    /// <summary>Whether the store already has such an instance, identical or not.</summary>
    public bool SaysItExists =>
        Stow.FailureReason.IsDuplicate(FailureReason) || Stow.FailureReason.IsDuplicate(WarningReason)
        || Stow.FailureReason.IsDuplicate(FailureDetail);

    /// <summary>Sets an attribute. Its first value counts.</summary>
    public void Set(string? tag, string? value)
    {
        switch (tag)
        {
            case "00081155":
                SopInstanceUid ??= value?.Trim(' ', '\0', '\t', '\r', '\n') is { Length: > 0 } uid ? uid : null;
                break;
            case "00081190":
                RetrieveUrl ??= value;
                break;
            case "00081196":
                WarningReason ??= Number(value);
                break;
            case "00081197":
                FailureReason ??= Number(value);
                break;
            case "00091097":
                FailureDetail ??= value;
                break;
        }
    }

    private static int? Number(string? value) =>
        int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
