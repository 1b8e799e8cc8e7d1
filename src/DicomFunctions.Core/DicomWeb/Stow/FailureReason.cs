using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>DICOM failure and warning reasons (0008,1197 and 0008,1196) in words: PS3.18 §I.2.2, PS3.4 §B.2.3, PS3.7 annex C.</summary>
internal static class FailureReason
{
    private const int ProcessingFailure = 0x0110;
    private const int DuplicateSopInstance = 0x0111;
    private const int AlreadyExists = 45070; // like the next, from Azure's DICOM service
    private const int InProgress = 45071;

    public static string InWords(int code) => code switch
    {
        ProcessingFailure => "processing failure",
        DuplicateSopInstance => "duplicate SOP instance",
        0x0112 => "no such SOP instance",
        0x0115 => "invalid argument value",
        0x0117 => "invalid SOP instance UID",
        0x0122 => "SOP class not supported",
        0x0124 => "not authorized",
        AlreadyExists => "the instance already exists",
        InProgress => "the instance is being stored by another request",
        0xC122 => "transfer syntax not supported",
        0xB000 => "coercion of data elements",
        0xB006 => "elements discarded",
        0xB007 => "data set does not match SOP class (warning)",
        >= 0xA700 and <= 0xA7FF => "out of resources",
        >= 0xA900 and <= 0xA9FF => "data set does not match SOP class",
        >= 0xC000 and <= 0xCFFF => "cannot understand",
        _ => FormattableString.Invariant($"failure reason {code:X4}H"),
    };

    /// <summary>The <see cref="FailureCode"/> of a failure reason.</summary>
    public static string CodeOf(int reason) => reason switch
    {
        ProcessingFailure => FailureCode.ServerError,
        DuplicateSopInstance or AlreadyExists => FailureCode.Conflict,
        0x0115 or 0x0117 or (>= 0xA900 and <= 0xA9FF) => FailureCode.InvalidDataSet,
        0x0122 => FailureCode.SopClassNotSupported,
        0x0124 => FailureCode.PermissionDenied,
        0xC122 => FailureCode.TransferSyntaxNotSupported,
        InProgress => FailureCode.ServerError,
        >= 0xA700 and <= 0xA7FF => FailureCode.OutOfResources,
        >= 0xC000 and <= 0xCFFF => FailureCode.CannotUnderstand,
        _ => FailureCode.Rejected,
    };

    /// <summary>Whether the same instance may be accepted later.</summary>
    public static bool IsTransient(int? code) => code is (>= 0xA700 and <= 0xA7FF) or InProgress;

    /// <summary>Whether the store already has an instance with that UID, identical or not.</summary>
    public static bool IsDuplicate(int? code) => code is AlreadyExists or DuplicateSopInstance;

    /// <summary>Whether a server says so in words, like Google.</summary>
    public static bool IsDuplicate(string? detail) => detail?.Contains("already exists", StringComparison.OrdinalIgnoreCase) == true;
}
