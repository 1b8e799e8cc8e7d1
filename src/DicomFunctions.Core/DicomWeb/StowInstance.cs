using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>One DICOM file to store. It may be read several times, since a broken request is sent again from its start.</summary>
public abstract class StowInstance
{
    /// <summary>The file's length in bytes; null if it is not known, so that the file is sent alone and in chunks.</summary>
    public abstract long? Length { get; }

    /// <summary>The file's identifiers, read from its header.</summary>
    public abstract Part10Header Header { get; }

    /// <summary>The SOP instance UIDs by which an answer may name it; may be empty.</summary>
    internal IEnumerable<string> Uids => new[] { Header.SopInstanceUid, Header.FileMetaSopInstanceUid }.OfType<string>();

    /// <summary>Copies the whole file.</summary>
    /// <param name="target">The stream to write to.</param>
    /// <param name="progress">Called after each piece.</param>
    /// <param name="cancellationToken">Cancels the copying.</param>
    /// <exception cref="StowSourceException">The source cannot be read any more, or has changed.</exception>
    public abstract Task CopyToAsync(Stream target, Action progress, CancellationToken cancellationToken);
}
