using System.Text;
using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>Makes the URLs of a store's DICOMweb resources.</summary>
internal sealed class DicomWebUri(DicomWebOptions options)
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly string _root = (options.ServiceRoot ?? options.BaseUrl).AbsoluteUri.TrimEnd('/');
    private readonly bool _isServiceRoot = options.ServiceRoot is not null;

    /// <summary>The STOW-RS target, <c>…/studies</c>.</summary>
    public Uri Studies(DicomStorePath store) => new(Root(store).Append("/studies").ToString(), AsWritten);

    /// <summary>What to retrieve (WADO-RS): the instances.</summary>
    public Uri Instances(RetrieveRequest request) => new(Resource(request).ToString(), AsWritten);

    /// <summary>What to retrieve (WADO-RS): the metadata of the instances.</summary>
    public Uri Metadata(RetrieveRequest request) => new(Resource(request).Append("/metadata").ToString(), AsWritten);

    /// <summary>A QIDO-RS request for one page.</summary>
    public Uri Page(QidoRequest request, long limit, long offset)
    {
        var url = Root(request.Store).Append(request.Level switch
        {
            QidoLevel.Studies => "/studies?",
            QidoLevel.Series => "/series?",
            _ => "/instances?",
        });
        foreach (var (name, value) in request.Parameters)
            url.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value)).Append('&');
        url.Append("limit=").Append(limit);
        if (offset > 0)
            url.Append("&offset=").Append(offset);
        return new Uri(url.ToString(), AsWritten);
    }

    private StringBuilder Resource(RetrieveRequest request)
    {
        var url = Root(request.Store).Append("/studies/").Append(request.StudyUid);
        if (request.SeriesUid is { } series)
            url.Append("/series/").Append(series);
        if (request.SopInstanceUid is { } instance)
            url.Append("/instances/").Append(instance);
        return url;
    }

    private StringBuilder Root(DicomStorePath store)
    {
        var url = new StringBuilder(_root, 256);
        return _isServiceRoot ? url : url.Append('/').Append(store.ToUriPath()).Append("/dicomWeb");
    }
}
