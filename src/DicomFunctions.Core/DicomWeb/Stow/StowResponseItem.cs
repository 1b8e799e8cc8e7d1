namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>One item of a sequence of a Store Instances Response. Servers leave out any of these.</summary>
internal sealed class StowResponseItem
{
    public string? SopInstanceUid { get; set; }

    public string? RetrieveUrl { get; set; }

    public int? WarningReason { get; set; }

    public int? FailureReason { get; set; }

    public string? FailureDetail { get; set; }
}
