using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DicomFunctions.Local.Phantom;

/// <summary>UIDs under the root 2.25 for UUIDs (PS3.5 §B.2), derived from a name, so that they are the same every time.</summary>
internal static class PhantomUid
{
    public static string Of(string name)
    {
        Span<byte> uuid = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes("dicomfunctions/phantom/" + name), uuid);

        // RFC 9562 §5.8: version 8, a custom format.
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x80);
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
        return "2.25." + BinaryPrimitives.ReadUInt128BigEndian(uuid).ToString(CultureInfo.InvariantCulture);
    }
}
