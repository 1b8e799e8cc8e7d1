using System.Text;

namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>Multipart bodies whose boundary is <c>b</c>, and what their parts hold.</summary>
internal static class Multiparts
{
    private static readonly byte[] Delimiter = "\r\n--b"u8.ToArray();

    /// <summary>What a part may hold: much that is almost a boundary, and never one.</summary>
    public static Gen<byte[]> Content { get; } =
        Gen.OneOf(
                Gen.Elements("\r\n--", "\r\n-", "\r\n", "\r", "-", "--b", "\n--b", "b", "\r\n\r\n", "x", "").Select(Encoding.UTF8.GetBytes),
                Damage.Noise,
                Gen.Frequency((9, Gen.Choose(0, 300)), (1, Gen.Choose(0, 20_000))).Select(length => new byte[length]))
            .ArrayOf()
            .Select(pieces => WithoutDelimiter([.. pieces.Take(8).SelectMany(piece => piece)]));

    public static Gen<(byte[][] Parts, byte[] Bytes)> Any { get; } =
        from preamble in Gen.Elements("", "", "\r\n", "a preamble\r\nof two lines\r\n", "--a\r\n", "-\r\n")
        from parts in Part.ArrayOf()
        from epilogue in Gen.Elements("", "\r\n", "an epilogue", "\r\n--b\r\n")
        select (
            parts.Select(part => part.Content).ToArray(),
            (byte[])[
                .. Encoding.UTF8.GetBytes(preamble),
                .. parts.SelectMany(part => part.Bytes).Skip(preamble.Length == 0 || preamble.EndsWith('\n') ? 2 : 0),
                .. Encoding.UTF8.GetBytes($"\r\n--b--{epilogue}"),
            ]);

    /// <summary>The same as servers answer with, some of them freely: the media types of the parts too.</summary>
    public static Gen<(string[] Types, byte[][] Parts, byte[] Bytes)> Answer { get; } =
        from preamble in Gen.Elements("", "", "\r\n", "a preamble\r\nof two lines", "--a")
        from parts in AnswerPart.ArrayOf()
        from epilogue in Gen.Elements("", "\r\n", "an epilogue", "\r\n--b\r\n")
        select (
            parts.Select(part => part.Type).ToArray(),
            parts.Select(part => part.Content).ToArray(),
            (byte[])[
                .. Encoding.UTF8.GetBytes(preamble),
                .. ((byte[])[.. parts.SelectMany(part => part.Bytes), .. Delimiter, .. "--"u8]).Skip(preamble.Length == 0 ? 2 : 0),
                .. Encoding.UTF8.GetBytes(epilogue),
            ]);

    private static Gen<(string Type, byte[] Content, byte[] Bytes)> AnswerPart =>
        from content in Content
        from padding in Gen.Elements("", "", " ", "\t ")
        from end in Gen.Elements("\r\n", "\r\n", "\n")
        from headers in Gen.Elements(
            ("no content type", ""), ("application/dicom", "Content-Type: application/dicom;x=y{0}"),
            ("no content type", "A:{0}b : c: d{0}"),
            ("text/plain", "content-type:{0} text/plain;{0}\tB: b{0}Content-Type: x/y{0}"))
        select (
            headers.Item1,
            content,
            (byte[])[.. Delimiter, .. Encoding.UTF8.GetBytes(padding + end + string.Format(null, headers.Item2, end) + end), .. content]);

    private static Gen<(byte[] Content, byte[] Bytes)> Part =>
        from content in Content
        from padding in Gen.Elements("", " ", "\t ")
        from headers in Gen.Elements(
            "", "Content-Type: application/dicom\r\n", "A:\r\nb : c: d\r\n", "no header\r\n",
            "Content-Type: application/dicom\r\nContent-Type: x\r\n")
        select (content, (byte[])[.. Delimiter, .. Encoding.UTF8.GetBytes($"{padding}\r\n{headers}\r\n"), .. content]);

    private static byte[] WithoutDelimiter(byte[] content)
    {
        for (var at = content.AsSpan().IndexOf(Delimiter); at >= 0; at = content.AsSpan().IndexOf(Delimiter))
            content[at] = (byte)'x';
        return content;
    }
}
