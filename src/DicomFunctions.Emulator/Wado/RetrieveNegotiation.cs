using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Wado;

/// <summary>
/// Chooses the form in which instances are sent (PS3.18 §8.7.3.5). <c>transfer-syntax=*</c> means as stored; without a transfer syntax it
/// is explicit VR little endian, as at Google. Only implicit VR little endian is transcoded, and only to that.
/// </summary>
internal static class RetrieveNegotiation
{
    private static readonly MediaType Anything = MediaType.Parse("*/*")!;

    /// <summary>
    /// The first acceptable form; null if the client accepts none that is available for every instance. <paramref name="isOne"/> says
    /// whether the path names an instance, which can be sent alone.
    /// </summary>
    public static RetrieveFormat? Choose(HttpRequest request, IReadOnlyList<InstanceEntry> instances, bool isOne)
    {
        IReadOnlyList<MediaType> ranges = Accepts.IsGiven(request) ? Accepts.Of(request) : [Anything];
        foreach (var range in ranges)
        {
            var syntax = range["transfer-syntax"] ?? TransferSyntax.ExplicitLittleEndian;
            if (IsMultipart(range, isOne) is { } isMultipart && (syntax == "*" || instances.All(instance => CanSend(instance, syntax))))
                return new RetrieveFormat(isMultipart, syntax == "*" ? null : syntax);
        }

        return null;
    }

    private static bool? IsMultipart(MediaType range, bool isOne) =>
        range.IsAny ? !isOne
        : isOne && range.Is("application/dicom") ? false
        : range.Is("multipart/related") && range["type"] is null or "application/dicom" ? true
        : null;

    private static bool CanSend(InstanceEntry instance, string syntax) =>
        instance.TransferSyntaxUid == syntax
        || (syntax == TransferSyntax.ExplicitLittleEndian && ExplicitVrTranscoder.CanRead(instance.TransferSyntaxUid));
}
