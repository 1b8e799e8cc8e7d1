namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>What a server has shown of itself. Kept for the life of the process; losing it costs one request.</summary>
internal sealed class StowCapabilities
{
    private volatile bool _onlyMultipart;

    /// <summary>It refuses <c>application/dicom</c> bodies (Orthanc: 415).</summary>
    public bool OnlyMultipart
    {
        get => _onlyMultipart;
        set => _onlyMultipart = value;
    }
}
