using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>
/// Rewrites a file of implicit VR little endian as explicit VR little endian (PS3.5 §A.1, §A.2), in constant memory. Sequences and items
/// get undefined lengths; group lengths and zeros after the data set are dropped.
/// </summary>
internal sealed class ExplicitVrTranscoder
{
    private const int BlockSize = 32 * 1024;
    private readonly DicomInput _input;
    private readonly PipeWriter _output;
    private readonly CancellationToken _cancellationToken;
    private bool _signedPixels;

    private ExplicitVrTranscoder(DicomInput input, PipeWriter output, CancellationToken cancellationToken)
    {
        _input = input;
        _output = output;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Whether <see cref="WriteAsync"/> can read files of a transfer syntax.</summary>
    public static bool CanRead(string transferSyntaxUid) => transferSyntaxUid == TransferSyntax.ImplicitLittleEndian;

    /// <summary>Reads a Part 10 file and writes the same instance in explicit VR little endian.</summary>
    /// <exception cref="DicomFormatException">The file is not DICOM, malformed or cut short.</exception>
    public static async Task WriteAsync(Stream file, PipeWriter output, CancellationToken cancellationToken)
    {
        using var input = new DicomInput(file);
        var transcoder = new ExplicitVrTranscoder(input, output, cancellationToken);
        await transcoder.CopyAsync(132).ConfigureAwait(false);
        transcoder.WriteFileMeta();
        await transcoder.WriteElementsAsync(input.Length ?? long.MaxValue, inItem: false, depth: 0).ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private void WriteFileMeta()
    {
        var meta = new ArrayBufferWriter<byte>();
        while (_input.Peek(2) is [0x02, 0x00])
        {
            var (tag, vr, length) = ElementHeaders.ReadExplicit(_input, bigEndian: false);
            if (length > DicomReader.MaxValueLength)
                throw new DicomFormatException("the file meta information is malformed");

            var value = new byte[length];
            _input.ReadExactly(value);
            if (tag == Tags.TransferSyntaxUid)
                value = Encoding.ASCII.GetBytes(TransferSyntax.ExplicitLittleEndian + "\0");
            if (tag != Tags.FileMetaGroupLength)
                WriteElement(meta, tag, vr, value);
        }

        var groupLength = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(groupLength, (uint)meta.WrittenCount);
        WriteElement(_output, Tags.FileMetaGroupLength, Vr.UL, groupLength);
        _output.Write(meta.WrittenSpan);
    }

    private async ValueTask WriteElementsAsync(long end, bool inItem, int depth)
    {
        if (depth > DicomReader.MaxDepth)
            throw new DicomFormatException($"sequences are nested deeper than {DicomReader.MaxDepth} levels");

        while (_input.Position < end && !IsEndOfDataSet(depth))
        {
            var (tag, length) = ElementHeaders.ReadImplicit(_input, bigEndian: false);
            if (tag == Tags.ItemDelimitation && inItem)
                return;

            if ((tag & 0xFFFF) == 0)
                _input.Skip(length);
            else
                await WriteElementAsync(tag, length, end, depth).ConfigureAwait(false);
        }
    }

    private bool IsEndOfDataSet(int depth) => depth == 0 && (_input.AtEnd || !_input.Peek(8).ContainsAnyExcept((byte)0));

    private async ValueTask WriteElementAsync(uint tag, uint length, long end, int depth)
    {
        var vr = ImpliedVr.Of(tag, _signedPixels);
        var isUndefined = length == ElementHeaders.UndefinedLength;
        if (vr == Vr.SQ || (isUndefined && vr == Vr.UN))
        {
            WriteHeader(_output, tag, Vr.SQ, ElementHeaders.UndefinedLength);
            await WriteItemsAsync(isUndefined ? end : _input.Position + length, isUndefined, depth).ConfigureAwait(false);
            return;
        }

        if (isUndefined)
            throw new DicomFormatException("an element of undefined length is not a sequence");

        if (tag == Tags.PixelRepresentation && _input.Peek(2) is [var low, var high] && length == 2)
            _signedPixels = (low | (high << 8)) == 1;

        // A value too long for the 16-bit length of its representation becomes UN (PS3.5 §6.2.2).
        WriteHeader(_output, tag, length > ushort.MaxValue && !vr.HasLongLength() ? Vr.UN : vr, length);
        await CopyAsync(length).ConfigureAwait(false);
    }

    private async ValueTask WriteItemsAsync(long end, bool isDelimited, int depth)
    {
        var signedPixels = _signedPixels;
        while (isDelimited || _input.Position < end)
        {
            var (tag, length) = ElementHeaders.ReadImplicit(_input, bigEndian: false);
            if (tag == Tags.SequenceDelimitation && isDelimited)
                break;

            if (tag != Tags.Item)
                throw new DicomFormatException("a sequence contains something other than items");

            var isUndefined = length == ElementHeaders.UndefinedLength;
            WriteTagAndLength(Tags.Item, ElementHeaders.UndefinedLength);
            await WriteElementsAsync(isUndefined ? end : _input.Position + length, isUndefined, depth + 1).ConfigureAwait(false);
            WriteTagAndLength(Tags.ItemDelimitation, 0);
            _signedPixels = signedPixels;
        }

        WriteTagAndLength(Tags.SequenceDelimitation, 0);
    }

    private async ValueTask CopyAsync(long count)
    {
        while (count > 0)
        {
            var block = (int)Math.Min(count, BlockSize);
            _input.ReadExactly(_output.GetSpan(block)[..block]);
            _output.Advance(block);
            count -= block;
            if (_output.UnflushedBytes >= BlockSize)
                await _output.FlushAsync(_cancellationToken).ConfigureAwait(false);
        }
    }

    private void WriteTagAndLength(uint tag, uint length)
    {
        var header = _output.GetSpan(8);
        WriteTag(header, tag);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], length);
        _output.Advance(8);
    }

    private static void WriteElement(IBufferWriter<byte> output, uint tag, Vr vr, ReadOnlySpan<byte> value)
    {
        WriteHeader(output, tag, vr, (uint)value.Length);
        output.Write(value);
    }

    private static void WriteHeader(IBufferWriter<byte> output, uint tag, Vr vr, uint length)
    {
        var header = output.GetSpan(12);
        WriteTag(header, tag);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)vr);
        if (!vr.HasLongLength())
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)length);
            output.Advance(8);
            return;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], length);
        output.Advance(12);
    }

    private static void WriteTag(Span<byte> destination, uint tag)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], (ushort)tag);
    }
}
