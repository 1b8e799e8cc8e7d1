namespace DicomFunctions.Core.Dicom;

/// <summary>Finds the UIDs of a data set, at its top level, from the positions of its brackets.</summary>
internal struct DicomJsonUidFinder(DicomJsonLevel level)
{
    private const int None = -1;

    private static readonly ulong StudyKey = BitConverter.ToUInt64("0020000D"u8);
    private static readonly ulong SeriesKey = BitConverter.ToUInt64("0020000E"u8);
    private static readonly ulong SopInstanceKey = BitConverter.ToUInt64("00080018"u8);

    private int _missing = (1 << (int)level) - 1;
    private int _current = None;
    private Range _study;
    private Range _series;
    private Range _sopInstance;

    /// <summary>Whether a UID has not been found yet.</summary>
    public readonly bool IsMissingAny => _missing != 0;

    /// <summary>An attribute's value starts. It is a UID's if <paramref name="before"/> ends with a UID's key, <c>"TAG":</c>.</summary>
    public void Open(ReadOnlySpan<byte> before)
    {
        var end = before.Length;
        SkipBack(before, ref end);
        if (end == 0 || before[--end] != (byte)':')
            return;
        SkipBack(before, ref end);
        if (end < 10 || before[end - 1] != (byte)'"' || before[end - 10] != (byte)'"')
            return;
        var key = BitConverter.ToUInt64(before.Slice(end - 9, 8));
        var uid = key == StudyKey ? 0 : key == SeriesKey ? 1 : key == SopInstanceKey ? 2 : None;
        if (uid == None || (_missing & (1 << uid)) == 0)
            return;
        _missing &= ~(1 << uid);
        _current = uid;
        At(uid) = before.Length..;

        // Skips white space between tokens.
        static void SkipBack(ReadOnlySpan<byte> text, ref int end)
        {
            while (end > 0 && text[end - 1] <= (byte)' ')
                end--;
        }
    }

    /// <summary>The attribute's value ends.</summary>
    public void Close(int end)
    {
        if (_current == None)
            return;
        ref var value = ref At(_current);
        value = value.Start..end;
        _current = None;
    }

    /// <summary>The positions of the UIDs, once the data set has ended.</summary>
    public readonly DicomJsonUidRanges Find(ReadOnlySpan<byte> text) =>
        new(FirstString(text, _study), FirstString(text, _series), FirstString(text, _sopInstance));

    /// <summary>The characters of the first element of <c>Value</c>, if it is a string.</summary>
    private static Range FirstString(ReadOnlySpan<byte> text, Range attribute)
    {
        var value = text[attribute];
        var start = value.IndexOf("\"Value\""u8);
        if (start < 0)
            return default;
        start += 7;
        if (!Skip(value, (byte)':', ref start) || !Skip(value, (byte)'[', ref start) || !Skip(value, (byte)'"', ref start))
            return default;
        var end = start;
        while (end < value.Length && value[end] != (byte)'"')
            end += value[end] == (byte)'\\' ? 2 : 1;
        return end > value.Length ? default : (attribute.Start.Value + start)..(attribute.Start.Value + end);

        // An attribute without a value has another token here, possibly with strings after it.
        static bool Skip(ReadOnlySpan<byte> text, byte token, ref int at)
        {
            while (at < text.Length && text[at] <= (byte)' ')
                at++;
            return at < text.Length && text[at++] == token;
        }
    }

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    private ref Range At(int uid)
    {
        if (uid == 0)
            return ref _study;
        if (uid == 1)
            return ref _series;
        return ref _sopInstance;
    }
}
