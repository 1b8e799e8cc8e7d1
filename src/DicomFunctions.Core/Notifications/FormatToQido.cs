using System.Diagnostics.CodeAnalysis;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Notifications;

/// <summary>Converts a message to the search for its instance, like Beam's <c>FormatToQido</c>.</summary>
internal static class FormatToQido
{
    private static readonly DicomPathProblem NoData =
        new(FailureCode.NoData, "The message has no data, or data that is not base64 of UTF-8 text.");

    /// <summary>
    /// Finds the instance by the message's data or, if that is unusable, by its attributes. Otherwise returns what is wrong with the data.
    /// </summary>
    public static bool TryFormat(
        PubSubMessage message, [NotNullWhen(true)] out DicomInstancePath? instance,
        [NotNullWhen(false)] out DicomPathProblem? problem)
    {
        if (message.Data is null)
        {
            instance = null;
            problem = NoData;
        }
        else if (DicomInstancePath.TryParse(message.Data, out instance, out problem))
        {
            return true;
        }

        if (message is { StoreName: { } store, StudyInstanceUid: { } study, SeriesInstanceUid: { } series, SopInstanceUid: { } sop }
            && DicomInstancePath.TryParse($"{store}/dicomWeb/studies/{study}/series/{series}/instances/{sop}", out instance, out _))
        {
            problem = null;
            return true;
        }

        return false;
    }

    /// <summary>The search that finds the instance.</summary>
    public static QidoRequest ToRequest(DicomInstancePath instance) => new()
    {
        Store = instance.Store,
        Level = QidoLevel.Instances,
        Parameters =
        [
            new("StudyInstanceUID", instance.StudyInstanceUid),
            new("SeriesInstanceUID", instance.SeriesInstanceUid),
            new("SOPInstanceUID", instance.SopInstanceUid),
        ],
    };
}
