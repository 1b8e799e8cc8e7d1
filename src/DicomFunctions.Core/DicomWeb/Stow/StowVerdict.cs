using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>
/// The rule for what counts as stored: an instance whose own SOP Instance UID is in (0008,1199) and not in (0008,1198). Its own UID is
/// that of the data set or, if they differ, that of the file meta information. An item with another UID, or none, proves nothing.
/// </summary>
internal readonly record struct StowVerdict(StowFate Fate, StowResponseItem? Item)
{
    /// <summary>Whether the item says that such an instance already exists, identical or not.</summary>
    public bool SaysItExists => Item?.SaysItExists == true;

    /// <summary>Applies the rule.</summary>
    /// <param name="response">The answer; null if it lists nothing.</param>
    /// <param name="header">The instance's identifiers.</param>
    /// <param name="isAlone">Whether it was sent alone, so that a failure without a UID is its own.</param>
    public static StowVerdict Of(StowResponse? response, Part10Header header, bool isAlone)
    {
        if (response is null)
            return default;
        if (response.Failed.FirstOrDefault(IsOurs) is { } failed)
            return new StowVerdict(StowFate.Failed, failed);
        if (response.Stored.Where(IsOurs).OrderByDescending(item => item.SaysItExists).FirstOrDefault() is { } stored)
            return new StowVerdict(StowFate.Stored, stored);
        var nameless = isAlone
            ? response.Failed.FirstOrDefault(item => item.SopInstanceUid is null || header.SopInstanceUid is null)
            : null;
        return nameless is null ? default : new StowVerdict(StowFate.Failed, nameless);

        bool IsOurs(StowResponseItem item) =>
            item.SopInstanceUid is { } uid && (uid == header.SopInstanceUid || uid == header.FileMetaSopInstanceUid);
    }
}
