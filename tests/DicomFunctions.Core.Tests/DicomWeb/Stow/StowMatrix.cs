using System.Net;
using System.Text;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;

namespace DicomFunctions.Core.Tests.DicomWeb.Stow;

/// <summary>
/// The dimensions of what a hostile server may answer to a store transaction, and, by the rule alone, what each product must come to.
/// One instance is the subject; those beside it are listed as stored whenever the answer lists anything.
/// </summary>
internal sealed record StowMatrix(
    string Status, StowMatrix.Listed Stored, StowMatrix.Listed Failed, int? Reason, StowMatrix.Relation Uid, StowMatrix.Form As, int Count)
{
    public const string Broken = "broken";

    private const string Other = "9.9.9";

    /// <summary>What a sequence lists.</summary>
    public enum Listed
    {
        Nothing,
        Ours,
        OursTwice,
        Another,
        Nameless,
        OursAndOthers,
    }

    /// <summary>How the server names the subject.</summary>
    public enum Relation
    {
        Same,
        Padded,
        Escaped,
        FileMetaDiffersNamedByDataSet,
        FileMetaDiffersNamedByFileMeta,
        FileWithoutUid,
    }

    public enum Form
    {
        Json,
        JsonWithByteOrderMark,
        Array,
        Xml,
    }

    public static IEnumerable<StowMatrix> Of(string status) =>
        from stored in Enum.GetValues<Listed>()
        from failed in Enum.GetValues<Listed>()
        from reason in failed == Listed.Nothing ? new int?[] { null } : [null, 0xA700, 0x0110]
        from relation in Enum.GetValues<Relation>()
        from form in Enum.GetValues<Form>()
        from count in new[] { 1, 2, 5 }
        select new StowMatrix(status, stored, failed, reason, relation, form, count);

    private bool IsDifferent => Uid is Relation.FileMetaDiffersNamedByDataSet or Relation.FileMetaDiffersNamedByFileMeta;

    /// <summary>The subject, and the others.</summary>
    public FakeInstance[] Instances()
    {
        var subject = !IsDifferent
            ? Some.DicomFile(instance: Uid == Relation.FileWithoutUid ? null : "1.2.0")
            : [
                .. Some.DicomPreamble, .. Some.DicomFileMeta("1.2.900", TransferSyntaxes.ExplicitLittleEndian),
                .. Some.DicomFile(instance: "1.2.0", hasPreamble: false, hasFileMeta: false),
            ];
        return [new FakeInstance(subject), .. Enumerable.Range(1, Count - 1).Select(i => FakeInstance.Of($"1.2.{i}"))];
    }

    /// <summary>The answer to a request with some of the instances.</summary>
    public HttpResponseMessage? Answer(bool hasSubject, IEnumerable<string> others)
    {
        if (!hasSubject)
            return Content(HttpStatusCode.OK, Body([.. others.Select(uid => Item(uid, null))], []));
        if (Status == Broken)
            return null;
        List<string> stored = [.. others.Select(uid => Item(uid, null)), .. Items(Stored, null)];
        return Content((HttpStatusCode)int.Parse(Status, null), Body(stored, Items(Failed, Reason)));
    }

    /// <summary>Whether the rule says that the subject is stored.</summary>
    public bool IsStored => IsRead && IsNamed(Stored) && !IsNamed(Failed);

    /// <summary>The failure reason in the subject's record, or that it is not confirmed.</summary>
    public object? Code
    {
        get
        {
            if (IsStored || !IsRead)
                return null;
            if (IsNamed(Failed) || Failed == Listed.Nameless || (Uid == Relation.FileWithoutUid && Failed != Listed.Nothing))
                return Reason;
            return Status is "200" or "202" || Stored != Listed.Nothing ? "unconfirmed" : null;
        }
    }

    /// <summary>Whether the others come to be stored: each alone, if need be.</summary>
    public bool AreOthersStored => IsRead || Uid == Relation.FileWithoutUid;

    private bool IsRead => Status is "200" or "202" or "400" or "409";

    private bool IsNamed(Listed list) =>
        Uid != Relation.FileWithoutUid && list is (Listed.Ours or Listed.OursTwice or Listed.OursAndOthers);

    private string Name => Uid switch
    {
        Relation.Padded => As == Form.Xml ? "1.2.0 " : @"1.2.0\u0000 ",
        Relation.Escaped => As == Form.Xml ? "&#x31;.2.&#48;" : @"\u0031.2.\u0030",
        Relation.FileMetaDiffersNamedByFileMeta => "1.2.900",
        _ => "1.2.0",
    };

    private List<string> Items(Listed list, int? reason) => list switch
    {
        Listed.Nothing => [],
        Listed.Ours => [Item(Name, reason)],
        Listed.OursTwice => [Item(Name, reason), Item(Name, reason)],
        Listed.Another => [Item(Other, reason)],
        Listed.Nameless => [Item(null, reason)],
        _ => [Item(null, reason), Item(Other, reason), Item(Name, reason)],
    };

    private string Item(string? uid, int? reason) => As == Form.Xml
        ? "<Item>"
            + (uid is null ? "" : Xml("00081155", "UI", uid)) + (reason is null ? "" : Xml("00081197", "US", $"{reason}")) + "</Item>"
        : StowAnswer.Failed(uid, reason);

    private static string Xml(string tag, string vr, string value) =>
        $"<DicomAttribute tag=\"{tag}\" vr=\"{vr}\"><Value number=\"1\">{value}</Value></DicomAttribute>";

    private string Body(List<string> stored, List<string> failed) => As switch
    {
        Form.Xml =>
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<NativeDicomModel xmlns=\"http://dicom.nema.org/PS3.19/models/NativeDICOM\">"
            + $"<DicomAttribute tag=\"00081198\" vr=\"SQ\">{string.Concat(failed)}</DicomAttribute>"
            + $"<DicomAttribute tag=\"00081199\" vr=\"SQ\">{string.Concat(stored)}</DicomAttribute></NativeDicomModel>",
        Form.JsonWithByteOrderMark => "\uFEFF" + StowAnswer.Of(stored, failed),
        Form.Array => $"[{StowAnswer.Of(stored, failed)}]",
        _ => StowAnswer.Of(stored, failed),
    };

    private HttpResponseMessage Content(HttpStatusCode status, string body) => new(status)
    {
        Content = new StringContent(body, Encoding.UTF8, As == Form.Xml ? "application/dicom+xml" : "application/dicom+json"),
    };
}
