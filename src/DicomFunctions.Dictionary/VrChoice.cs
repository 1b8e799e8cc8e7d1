using System.Text;

namespace DicomFunctions.Dictionary;

/// <summary>The value representations that one attribute may have.</summary>
internal sealed class VrChoice
{
    private readonly Vr _unsigned;
    private readonly Vr _signed;

    private VrChoice(IReadOnlyList<Vr> vrs)
    {
        Vrs = vrs;
        _unsigned = vrs.Contains(Vr.OW) ? Vr.OW : vrs[0];
        _signed = vrs.Contains(Vr.OW) ? Vr.OW : vrs[^1];
    }

    public IReadOnlyList<Vr> Vrs { get; }

    /// <summary>Parses <c>US</c> or <c>US/SS</c>.</summary>
    public static VrChoice Parse(ReadOnlySpan<byte> text) =>
        new([.. Encoding.ASCII.GetString(text).Split('/').Select(letters => (Vr)((letters[0] << 8) | letters[1]))]);

    public Vr InImplicit(bool signedPixels) => signedPixels ? _signed : _unsigned;
}
