using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>One DICOM file to store. It may be read several times: a request that broke is sent again from its start.</summary>
public abstract class StowInstance
{
    /// <summary>The file's length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>The file's identity, read from its header.</summary>
    public abstract Part10Header Header { get; }

    /// <summary>The SOP instance UIDs it may be known by; none when it has none.</summary>
    internal IEnumerable<string> Uids => new[] { Header.SopInstanceUid, Header.FileMetaSopInstanceUid }.OfType<string>();

    /// <summary>Copies the whole file.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="progress">Called after every piece written.</param>
    /// <param name="cancellationToken">Cancels the copying.</param>
    /// <exception cref="StowSourceException">The source can not be read any more, or is not what it was.</exception>
    public abstract Task CopyToAsync(Stream target, Action progress, CancellationToken cancellationToken);
}
