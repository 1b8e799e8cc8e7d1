namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>What a server says of what it was sent (PS3.18 §I.2).</summary>
internal static class Responses
{
    /// <summary>A response, and the UIDs of what it says is stored and of what is not.</summary>
    public static Gen<(string Json, string[] Stored, string[] Failed)> Stow { get; } =
        from stored in Paths.Uid.ArrayOf()
        from failed in Paths.Uid.ArrayOf()
        from others in JsonTexts.String.ArrayOf(4)
        from isArray in Gen.Elements(true, false)
        from members in Gen.Shuffle(new[]
        {
            $"\"00081199\":{{\"vr\":\"SQ\",\"Value\":[{Items(stored, Element("00081190", "UR", others[0]))}]}}",
            $"\"00081198\":{{\"Value\":[{Items(failed, $"{Element("00081197", "US", "272")},{Element("00091097", "LT", others[1])}")}],"
            + "\"vr\":\"SQ\"}",
            Element("00081190", "UR", others[2]),
            $"\"00091001\":{others[3]}",
        })
        let json = $"{{{string.Join(',', members)}}}"
        select (isArray ? $"[{json}]" : json, stored, failed);

    /// <summary>What servers answer when something is wrong.</summary>
    public static Gen<string> Error { get; } = Gen.OneOf(
        JsonTexts.Value,
        from message in JsonTexts.String
        from form in Gen.Elements(
            "{{\"error\":{{\"code\":403,\"message\":{0},\"status\":\"PERMISSION_DENIED\"}}}}", "[{{\"error\":{{\"message\":{0}}}}}]",
            "{{\"error\":{0}}}", "{{\"Message\":{0}}}", "{0}", "<html><title>{0}</title></html>", "<TITLE>{0}")
        select string.Format(null, form, message),
        Gen.Choose(0, 2000).Select(length => string.Concat(Enumerable.Repeat("😀", length))));

    private static string Items(string[] uids, string rest) => string.Join(
        ',', uids.Select(uid => $"{{{Element("00081150", "UI", "\"1.2\"")},{Element("00081155", "UI", $"\"{uid}\"")},{rest}}}"));

    private static string Element(string tag, string vr, string value) => $"\"{tag}\":{{\"vr\":\"{vr}\",\"Value\":[{value}]}}";
}
