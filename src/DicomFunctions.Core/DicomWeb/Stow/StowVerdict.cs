using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>
/// The one rule for what is stored: an instance is, if its own SOP Instance UID is in (0008,1199) and not in (0008,1198). Its own is that
/// of the data set, or that of the file meta information where they differ. An item with another UID, or none, is never proof of it.
/// </summary>
internal readonly record struct StowVerdict(StowFate Fate, StowResponseItem? Item)
{
    /// <summary>The item says that such an instance is there already, and not whether it is the same.</summary>
    public bool SaysItExists => Item?.SaysItExists == true;

    /// <summary>Applies the rule.</summary>
    /// <param name="response">The answer; null when it lists nothing.</param>
    /// <param name="header">The instance.</param>
    /// <param name="isAlone">It was sent alone, so that a failure that names no instance is its own.</param>
    public static StowVerdict Of(StowResponse? response, Part10Header header, bool isAlone)
    {
        if (response is null)
            return default;
        if (response.Failed.FirstOrDefault(IsOurs) is { } failed)
            return new StowVerdict(StowFate.Failed, failed);
        if (response.Stored.Where(IsOurs).OrderByDescending(item => item.SaysItExists).FirstOrDefault() is { } stored)
            return new StowVerdict(StowFate.Stored, stored);
        var nameless = isAlone ? response.Failed.FirstOrDefault(item => item.SopInstanceUid is null || header.SopInstanceUid is null) : null;
        return nameless is null ? default : new StowVerdict(StowFate.Failed, nameless);

        bool IsOurs(StowResponseItem item) =>
            item.SopInstanceUid is { } uid && (uid == header.SopInstanceUid || uid == header.FileMetaSopInstanceUid);
    }
}
