using System.Buffers.Binary;
using System.Text;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Testing;

namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>Builds DICOM files for tests, in any of the four encodings of a data set.</summary>
internal sealed class SomeDicom
{
    private const string CtImageStorage = "1.2.840.10008.5.1.4.1.1.2";

    private readonly SortedDictionary<uint, (Vr Vr, object Value)> _elements = [];
    private Encoding _encoding = Encoding.Latin1;

    public string TransferSyntax { get; private set; } = Emulator.Dicom.TransferSyntax.ExplicitLittleEndian;

    public bool UndefinedLengths { get; private set; }

    /// <summary>A small CT instance; the numbers become the last components of its UIDs.</summary>
    public static SomeDicom Instance(int number = 1, int series = 1, int study = 1) => new SomeDicom()
        .With(Tags.SopClassUid, Vr.UI, CtImageStorage)
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
    public byte[] ToBytes(bool reversed = false) =>
        Some.DicomFileOf(DataSet(TransferSyntax, reversed), instance: null, TransferSyntax, CtImageStorage);

    private SomeDicom Set(uint tag, Vr vr, object value)
    {
        _elements[tag] = (vr, value);
        return this;
    }

    /// <summary>The value of one sequence in implicit VR little endian.</summary>
    private byte[] ValueOf(uint sequence)
    {
        var output = new DataSetWriter(isExplicit: false);
        WriteElement(output, Emulator.Dicom.TransferSyntax.ImplicitLittleEndian, sequence);
        return output.ToArray()[8..];
    }

    private byte[] DataSet(string syntax, bool reversed = false)
    {
        var output = DataSetWriter.For(syntax);
        foreach (var tag in reversed ? _elements.Keys.Reverse() : _elements.Keys)
            WriteElement(output, syntax, tag);
        return output.ToArray();
    }

    private void WriteElement(DataSetWriter output, string syntax, uint tag)
    {
        var (vr, value) = _elements[tag];
        if (value is byte[][] fragments)
        {
            output.Header(tag, vr.Letters(), DataSetWriter.Undefined).Raw(Tags.Item, 0);
            foreach (var fragment in fragments)
                output.Raw(Tags.Item, (uint)fragment.Length).Append(fragment);
            output.Raw(Tags.SequenceDelimitation, 0);
        }
        else if (value is SomeDicom[] items)
        {
            WriteSequence(output, syntax, tag, vr, items);
        }
        else
        {
            output.Bytes(tag, vr.Letters(), Bytes(vr, value, syntax == Emulator.Dicom.TransferSyntax.ExplicitBigEndian));
        }
    }

    private void WriteSequence(DataSetWriter output, string syntax, uint tag, Vr vr, SomeDicom[] items)
    {
        // A sequence written as UN is implicit little endian inside, with an undefined length (PS3.5 §6.2.2).
        var inner = vr == Vr.UN ? Emulator.Dicom.TransferSyntax.ImplicitLittleEndian : syntax;
        var isUndefined = UndefinedLengths || vr == Vr.UN;
        var body = DataSetWriter.For(inner);
        foreach (var item in items)
        {
            item.UndefinedLengths = UndefinedLengths;
            var bytes = item.DataSet(inner);
            body.Raw(Tags.Item, isUndefined ? DataSetWriter.Undefined : (uint)bytes.Length).Append(bytes);
            if (isUndefined)
                body.Raw(Tags.ItemDelimitation, 0);
        }

        if (isUndefined)
            body.Raw(Tags.SequenceDelimitation, 0);
        var content = body.ToArray();
        output.Header(tag, vr.Letters(), isUndefined ? DataSetWriter.Undefined : (uint)content.Length).Append(content);
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
}
