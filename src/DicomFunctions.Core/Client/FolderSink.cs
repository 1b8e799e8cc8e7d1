using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;

namespace DicomFunctions.Core.Client;

/// <summary>Writes the instances of an answer to files, each whole or not at all.</summary>
internal sealed class FolderSink(string folder) : IInstanceSink
{
    public async ValueTask WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var incoming = Path.Combine(folder, $".{Path.GetRandomFileName()}.part");
        try
        {
            string? name;
            var file = new FileStream(
                incoming, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
                file.Position = 0;
                name = NameOf(await Part10Header.ReadAsync(file, file.Length, cancellationToken).ConfigureAwait(false));
            }

            if (name is null)
                throw new InvalidDataException("The server sent a file without a study, series or SOP instance UID.");
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path))
                File.Move(incoming, path);
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    /// <summary>UIDs have only digits and dots, so they are names of files; the extension keeps a dot from being the last.</summary>
    private static string? NameOf(in Part10Result result) =>
        result.Header is { StudyInstanceUid: { } study, SeriesInstanceUid: { } series, SopInstanceUid: { } instance }
            ? Path.Combine(study, series, $"{instance}.dcm")
            : null;
}
