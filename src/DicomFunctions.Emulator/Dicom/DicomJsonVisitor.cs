using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>
/// Writes the wanted top-level elements, sequences with all their contents, as DICOM JSON (PS3.18 §F.2) in UTF-8. Omits bulk data.
/// The size of the output is bounded.
/// </summary>
internal sealed class DicomJsonVisitor : IDicomVisitor, IDisposable
{
    /// <summary>The most JSON that one data set may produce, in bytes.</summary>
    private const long MaxJsonLength = 64L << 20;
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Func<uint, bool> _wantsTag;
    private readonly ArrayBufferWriter<byte> _json = new(2048);
    private readonly Utf8JsonWriter _writer;
    private readonly Stack<SpecificCharacterSet> _outer = new();
    private readonly Dictionary<uint, Range> _elements = [];
    private readonly Dictionary<uint, string> _texts = [];
    private SpecificCharacterSet _charset = SpecificCharacterSet.Default;
    private int _depth;
    private int _mutedDepth = int.MaxValue;
    private uint _openTag;
    private int _openStart;
    private bool _awaitsFirstItem;

    public DicomJsonVisitor(Func<uint, bool> wantsTag)
    {
        _wantsTag = wantsTag;
        _writer = new Utf8JsonWriter(_json, WriterOptions);
        _writer.WriteStartObject();
    }

    private bool Muted => _depth > _mutedDepth;

    public bool Wants(uint tag, Vr vr, long length) =>
        tag == Tags.SpecificCharacterSet
        || (!Muted && !vr.IsBulk() && (_depth > 0 || _wantsTag(tag)) && (tag & 0xFFFF) != 0);

    public void Value(uint tag, Vr vr, ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        if (tag == Tags.SpecificCharacterSet)
        {
            _charset = SpecificCharacterSet.Parse(System.Text.Encoding.ASCII.GetString(bytes).TrimEnd(' ', '\0'));
            if (Muted || (_depth == 0 && !_wantsTag(tag)))
                return;
        }

        Begin(tag, vr);
        if (tag == Tags.SpecificCharacterSet)
            WriteSingle("ISO_IR 192");
        else if (vr.IsText())
            WriteText(tag, vr, bytes);
        else
            DicomJsonNumbers.Write(_writer, vr, bytes, bigEndian);

        End(tag);
    }

    public void BeginSequence(uint tag)
    {
        if (Muted || (_depth == 0 && !_wantsTag(tag)))
        {
            _mutedDepth = Math.Min(_mutedDepth, _depth);
            return;
        }

        // A sequence without items has no Value (PS3.18 §F.2.5).
        Begin(tag, Vr.SQ);
        _awaitsFirstItem = true;
    }

    public void BeginItem()
    {
        _depth++;
        _outer.Push(_charset);
        if (Muted)
            return;

        if (_awaitsFirstItem)
        {
            _writer.WriteStartArray("Value"u8);
            _awaitsFirstItem = false;
        }

        _writer.WriteStartObject();
    }

    public void EndItem()
    {
        if (!Muted)
            _writer.WriteEndObject();

        _charset = _outer.Pop();
        _depth--;
    }

    public void EndSequence()
    {
        if (_mutedDepth < int.MaxValue)
        {
            // Only the end of the omitted sequence itself, not of one nested in it, resumes the output.
            _mutedDepth = _depth <= _mutedDepth ? int.MaxValue : _mutedDepth;
            return;
        }

        if (!_awaitsFirstItem)
            _writer.WriteEndArray();

        _awaitsFirstItem = false;
        End(_openTag);
    }

    /// <summary>Returns the attributes. The visitor must not be used afterwards.</summary>
    public DicomAttributes Finish()
    {
        _writer.Flush();
        return new DicomAttributes(_json.WrittenMemory, _elements, _texts);
    }

    public void Dispose() => _writer.Dispose();

    private void Begin(uint tag, Vr vr)
    {
        if (_writer.BytesCommitted + _writer.BytesPending > MaxJsonLength)
            throw new DicomFormatException("the data set has too many attributes");

        Span<char> name = stackalloc char[8];
        tag.TryFormat(name, out _, "X8", CultureInfo.InvariantCulture);
        _writer.WritePropertyName(name);
        if (_depth == 0)
        {
            _openTag = tag;
            _openStart = (int)(_writer.BytesCommitted + _writer.BytesPending);
        }

        _writer.WriteStartObject();
        _writer.WriteString("vr"u8, vr.Letters());
    }

    private void End(uint tag)
    {
        _writer.WriteEndObject();
        if (_depth == 0)
            _elements[tag] = _openStart..(int)(_writer.BytesCommitted + _writer.BytesPending);
    }

    private void WriteSingle(string value)
    {
        _writer.WriteStartArray("Value"u8);
        _writer.WriteStringValue(value);
        _writer.WriteEndArray();
    }

    private void WriteText(uint tag, Vr vr, ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.TrimEnd((byte)0);
        var text = vr.UsesCharacterSet()
            ? _charset.Decode(bytes, vr)
            : System.Text.Encoding.Latin1.GetString(bytes);
        text = text.TrimEnd(' ', '\0');
        if (_depth == 0 && text.Length <= 1024)
            _texts[tag] = text.Trim();

        if (text.Length == 0)
            return;

        if (vr.IsSingleText())
        {
            WriteSingle(text);
            return;
        }

        _writer.WriteStartArray("Value"u8);
        foreach (var range in text.AsSpan().Split('\\'))
            WriteTextItem(vr, text.AsSpan(range).Trim(" \0"));

        _writer.WriteEndArray();
    }

    private void WriteTextItem(Vr vr, ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
            _writer.WriteNullValue();
        else if (vr == Vr.PN)
            DicomJsonNames.Write(_writer, value);
        else if (vr is Vr.DS or Vr.IS)
            DicomJsonNumbers.WriteDecimal(_writer, value);
        else
            _writer.WriteStringValue(value);
    }
}
