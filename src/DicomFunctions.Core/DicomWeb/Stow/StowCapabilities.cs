namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>What has been learned about a server. Kept until the process ends; losing it costs one request.</summary>
internal sealed class StowCapabilities
{
    private volatile bool _onlyMultipart;

    /// <summary>Whether it refuses <c>application/dicom</c> bodies (Orthanc: 415).</summary>
    public bool OnlyMultipart
    {
        get => _onlyMultipart;
        set => _onlyMultipart = value;
    }
}
