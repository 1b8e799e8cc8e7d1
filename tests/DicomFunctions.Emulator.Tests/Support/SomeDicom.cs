using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DicomFunctions.Emulator.Dicom;

namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>Builds DICOM files for tests, in any of the four encodings of a data set.</summary>
internal sealed class SomeDicom
{
    private readonly SortedDictionary<uint, (Vr Vr, object Value)> _elements = [];
    private Encoding _encoding = Encoding.Latin1;

    public string TransferSyntax { get; private set; } = Emulator.Dicom.TransferSyntax.ExplicitLittleEndian;

    public bool UndefinedLengths { get; private set; }

    /// <summary>A small CT instance; the numbers become the last components of its UIDs.</summary>
    public static SomeDicom Instance(int number = 1, int series = 1, int study = 1) => new SomeDicom()
        .With(Tags.SopClassUid, Vr.UI, "1.2.840.10008.5.1.4.1.1.2")
        .With(Tags.SopInstanceUid, Vr.UI, SopUid(number, series, study))
        .With(Tags.StudyDate, Vr.DA, "20260131")
        .With(Tags.AccessionNumber, Vr.SH, $"A{study}")
        .With(Tags.Modality, Vr.CS, "CT")
        .With(Tags.ReferringPhysicianName, Vr.PN, "Refer^Rita")
        .With(Tags.PatientName, Vr.PN, "Doe^Jane Ann")
        .With(Tags.PatientId, Vr.LO, $"P{study}")
        .With(Tags.StudyInstanceUid, Vr.UI, StudyUid(study))
        .With(Tags.SeriesInstanceUid, Vr.UI, SeriesUid(series, study))
        .With(Tags.InstanceNumber, Vr.IS, $"{number}")
        .With(Tags.Rows, Vr.US, (ushort)4)
        .With(Tags.Columns, Vr.US, (ushort)4)
        .With(Tags.BitsAllocated, Vr.US, (ushort)16)
        .With(Tags.PixelData, Vr.OW, new byte[32]);

    public static string StudyUid(int study = 1) => $"1.2.3.{study}";

    public static string SeriesUid(int series = 1, int study = 1) => $"1.2.3.{study}.{series}";

    public static string SopUid(int number = 1, int series = 1, int study = 1) => $"1.2.3.{study}.{series}.{number}";

    public SomeDicom With(uint tag, Vr vr, string text) => Set(tag, vr, text);

    public SomeDicom With(uint tag, Vr vr, byte[] bytes) => Set(tag, vr, bytes);

    public SomeDicom With(uint tag, Vr vr, params ushort[] numbers) => Set(tag, vr, numbers);

    public SomeDicom With(uint tag, Vr vr, double number) => Set(tag, vr, number);

    public SomeDicom WithSequence(uint tag, params SomeDicom[] items) => Set(tag, Vr.SQ, items);

    /// <summary>A sequence written as UN, with an undefined length.</summary>
    public SomeDicom WithUnknownSequence(uint tag, params SomeDicom[] items) => Set(tag, Vr.UN, items);

    /// <summary>A sequence written as UN, with an undefined length or a defined one.</summary>
    public SomeDicom WithUnknownSequence(uint tag, bool undefinedLength, params SomeDicom[] items) =>
        undefinedLength ? Set(tag, Vr.UN, items) : Set(tag, Vr.UN, new SomeDicom().WithSequence(tag, items).ValueOf(tag));

    /// <summary>Encapsulated pixel data: an empty offset table and the given fragments.</summary>
    public SomeDicom WithFragments(params byte[][] fragments) => Set(Tags.PixelData, Vr.OB, fragments);

    public SomeDicom Without(uint tag)
    {
        _elements.Remove(tag);
        return this;
    }

    public SomeDicom In(string transferSyntax, bool undefinedLengths = false)
    {
        TransferSyntax = transferSyntax;
        UndefinedLengths = undefinedLengths;
        return this;
    }

    /// <summary>Sets the encoding of texts. The caller adds the attribute Specific Character Set.</summary>
    public SomeDicom EncodedAs(Encoding encoding)
    {
        _encoding = encoding;
        return this;
    }

    /// <summary>The file; on request with its elements in descending order, which the standard forbids.</summary>
    public byte[] ToBytes(bool reversed = false)
    {
        var syntax = Emulator.Dicom.TransferSyntax.TryGet(TransferSyntax, out var known) ? known : new TransferSyntax(true, false, false);
        var dataSet = DataSet(syntax, reversed);
        if (syntax.IsDeflated)
        {
            using var deflated = new MemoryStream();
            using (var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
                deflate.Write(dataSet);

            dataSet = deflated.ToArray();
        }

        using var meta = new MemoryStream();
        var explicitLittle = new TransferSyntax(true, false, false);
        WriteElement(meta, explicitLittle, 0x00020001, Vr.OB, new byte[] { 0, 1 });
        WriteElement(meta, explicitLittle, Tags.MediaStorageSopClassUid, Vr.UI, "1.2.840.10008.5.1.4.1.1.2");
        WriteElement(meta, explicitLittle, Tags.TransferSyntaxUid, Vr.UI, TransferSyntax);
        using var file = new MemoryStream();
        file.Write(new byte[128]);
        file.Write("DICM"u8);
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)meta.Length);
        WriteElement(file, explicitLittle, 0x00020000, Vr.UL, length);
        file.Write(meta.ToArray());
        file.Write(dataSet);
        return file.ToArray();
    }

    private SomeDicom Set(uint tag, Vr vr, object value)
    {
        _elements[tag] = (vr, value);
        return this;
    }

    /// <summary>The value of one sequence in implicit VR little endian.</summary>
    private byte[] ValueOf(uint sequence)
    {
        using var output = new MemoryStream();
        var (vr, value) = _elements[sequence];
        WriteElement(output, new TransferSyntax(false, false, false), sequence, vr, value);
        return output.ToArray()[8..];
    }

    private byte[] DataSet(TransferSyntax syntax, bool reversed = false)
    {
        using var output = new MemoryStream();
        foreach (var (tag, (vr, value)) in reversed ? _elements.Reverse() : _elements)
        {
            WriteElement(output, syntax, tag, vr, value);
        }

        return output.ToArray();
    }

    private void WriteElement(MemoryStream output, TransferSyntax syntax, uint tag, Vr vr, object value)
    {
        if (value is byte[][] fragments)
        {
            WriteHeader(output, syntax, tag, vr, 0xFFFFFFFF);
            WriteItem(output, syntax, Tags.Item, []);
            foreach (var fragment in fragments)
                WriteItem(output, syntax, Tags.Item, fragment);

            WriteItem(output, syntax, Tags.SequenceDelimitation, []);
            return;
        }

        if (value is SomeDicom[] items)
        {
            WriteSequence(output, syntax, tag, vr, items);
            return;
        }

        var bytes = Bytes(vr, value, syntax.IsBigEndian);
        WriteHeader(output, syntax, tag, vr, (uint)bytes.Length);
        output.Write(bytes);
    }

    private void WriteSequence(MemoryStream output, TransferSyntax syntax, uint tag, Vr vr, SomeDicom[] items)
    {
        // A sequence written as UN is implicit little endian inside, with an undefined length (PS3.5 §6.2.2).
        var inner = vr == Vr.UN ? new TransferSyntax(false, false, false) : syntax;
        var undefined = UndefinedLengths || vr == Vr.UN;
        using var body = new MemoryStream();
        foreach (var item in items)
        {
            item.UndefinedLengths = UndefinedLengths;
            var bytes = item.DataSet(inner);
            if (undefined)
            {
                WriteTagAndLength(body, inner, Tags.Item, 0xFFFFFFFF);
                body.Write(bytes);
                WriteItem(body, inner, Tags.ItemDelimitation, []);
            }
            else
            {
                WriteItem(body, inner, Tags.Item, bytes);
            }
        }

        if (undefined)
            WriteItem(body, inner, Tags.SequenceDelimitation, []);

        WriteHeader(output, syntax, tag, vr, undefined ? 0xFFFFFFFF : (uint)body.Length);
        output.Write(body.ToArray());
    }

    private byte[] Bytes(Vr vr, object value, bool bigEndian)
    {
        switch (value)
        {
            case string text:
                var encoded = vr.UsesCharacterSet() ? _encoding.GetBytes(text) : Encoding.Latin1.GetBytes(text);
                return encoded.Length % 2 == 0 ? encoded : [.. encoded, vr == Vr.UI ? (byte)0 : (byte)' '];
            case ushort[] numbers:
                var words = new byte[numbers.Length * 2];
                for (var i = 0; i < numbers.Length; i++)
                {
                    BitConverter.TryWriteBytes(
                        words.AsSpan(i * 2), bigEndian ? BinaryPrimitives.ReverseEndianness(numbers[i]) : numbers[i]);
                }

                return words;
            case double number:
                var real = vr == Vr.FL ? BitConverter.GetBytes((float)number) : BitConverter.GetBytes(number);
                return bigEndian ? [.. real.Reverse()] : real;
            default:
                return (byte[])value;
        }
    }

    private static void WriteHeader(MemoryStream output, TransferSyntax syntax, uint tag, Vr vr, uint length)
    {
        if (!syntax.IsExplicit)
        {
            WriteTagAndLength(output, syntax, tag, length);
            return;
        }

        WriteUInt16(output, (ushort)(tag >> 16), syntax.IsBigEndian);
        WriteUInt16(output, (ushort)tag, syntax.IsBigEndian);
        output.Write(Encoding.ASCII.GetBytes(vr.Letters()));
        if (vr.HasLongLength())
        {
            output.Write(new byte[2]);
            WriteUInt32(output, length, syntax.IsBigEndian);
        }
        else
        {
            WriteUInt16(output, checked((ushort)length), syntax.IsBigEndian);
        }
    }

    private static void WriteItem(MemoryStream output, TransferSyntax syntax, uint tag, byte[] bytes)
    {
        WriteTagAndLength(output, syntax, tag, (uint)bytes.Length);
        output.Write(bytes);
    }

    private static void WriteTagAndLength(MemoryStream output, TransferSyntax syntax, uint tag, uint length)
    {
        WriteUInt16(output, (ushort)(tag >> 16), syntax.IsBigEndian);
        WriteUInt16(output, (ushort)tag, syntax.IsBigEndian);
        WriteUInt32(output, length, syntax.IsBigEndian);
    }

    private static void WriteUInt16(MemoryStream output, ushort value, bool bigEndian) =>
        output.Write(BitConverter.GetBytes(bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value));

    private static void WriteUInt32(MemoryStream output, uint value, bool bigEndian) =>
        output.Write(BitConverter.GetBytes(bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value));
}
