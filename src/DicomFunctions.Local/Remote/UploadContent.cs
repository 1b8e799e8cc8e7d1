using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Sources;

namespace DicomFunctions.Local.Remote;

/// <summary>Files of this machine as <c>multipart/related</c>, read while they are sent.</summary>
internal sealed class UploadContent : HttpContent, IOneTimeContent
{
    private const int CopyBuffer = 256 << 10;

    private readonly IReadOnlyList<UploadInput> _inputs;
    private readonly ISourceProvider _sources;
    private readonly string _boundary = $"dicomfn-{Guid.NewGuid():N}";
    private readonly Dictionary<int, SourceProblem> _problems = [];

    /// <param name="inputs">The files.</param>
    /// <param name="sources">Opens them.</param>
    public UploadContent(IReadOnlyList<UploadInput> inputs, ISourceProvider sources)
    {
        (_inputs, _sources) = (inputs, sources);
        Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/related; type=\"application/dicom\"; boundary={_boundary}");
    }

    public bool HasBegun { get; private set; }

    /// <summary>The files that could not be opened, and were left out, by their place.</summary>
    public IReadOnlyDictionary<int, SourceProblem> Problems => _problems;

    /// <summary>The file that broke off while it was sent, which broke the request; null if there was none.</summary>
    public (int Index, SourceProblem Problem)? Broken { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        HasBegun = true;
        for (var index = 0; index < _inputs.Count; index++)
        {
            var opening = await _sources.OpenAsync(_inputs[index].Source, cancellationToken).ConfigureAwait(false);
            if (!opening.IsOpen)
            {
                _problems[index] = opening.Problem;
                continue;
            }

            await using (opening.Opened.ConfigureAwait(false))
            {
                await WriteAsync(stream, $"--{_boundary}\r\nContent-Type: application/dicom\r\n\r\n", cancellationToken)
                    .ConfigureAwait(false);
                await CopyAsync(index, opening.Opened, stream, cancellationToken).ConfigureAwait(false);
                await WriteAsync(stream, "\r\n", cancellationToken).ConfigureAwait(false);
            }
        }

        // No part at all is refused, which the sender expects if no file could be opened.
        await WriteAsync(stream, $"--{_boundary}--\r\n", cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private static ValueTask WriteAsync(Stream stream, string text, CancellationToken cancellationToken) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

    private async Task CopyAsync(int index, OpenedSource source, Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[CopyBuffer];
        while (true)
        {
            var read = 0;
            try
            {
                read = await source.Content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (source.ReadProblem is not null)
            {
                // Told below.
            }

            if (read == 0 && (source.ReadProblem is not null || !await source.IsUnchangedAsync(cancellationToken).ConfigureAwait(false)))
            {
                Broken = (index, source.ReadProblem
                    ?? new SourceProblem(FailureCode.Changed, "The source changed while it was read. Send it again."));
                throw new IOException("A file broke off.");
            }

            if (read == 0)
                return;
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }
}
