using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>How instances are asked for.</summary>
internal static class InstanceAccept
{
    /// <summary>Most servers send a single instance as it is; all are to support multipart.</summary>
    public static string Multipart(string transferSyntax) =>
        $"multipart/related; type=\"application/dicom\"; transfer-syntax={transferSyntax}";

    /// <summary>One instance as it is.</summary>
    public static string Single(string transferSyntax) => $"application/dicom; transfer-syntax={transferSyntax}";

    /// <summary>Whether a server that was asked for multipart may rather send a single instance as it is.</summary>
    public static bool MayBeSingle(in RequestOutcome answer) => answer.Status.Code is 400 or 406 or 415;
}
