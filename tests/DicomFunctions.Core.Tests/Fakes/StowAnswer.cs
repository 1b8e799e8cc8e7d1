namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>Writes Store Instances Responses (PS3.18 §I.2).</summary>
internal static class StowAnswer
{
    public static string Of(IReadOnlyCollection<string> stored, IReadOnlyCollection<string> failed) =>
        """{"00081190":{"vr":"UR","Value":["http://x/studies/1"]},"""
        + $"\"00081198\":{{\"vr\":\"SQ\"{Items(failed)}}},\"00081199\":{{\"vr\":\"SQ\"{Items(stored)}}}}}";

    public static string Stored(string uid, int? warning = null) =>
        "{\"00081150\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.5.1.4.1.1.7\"]}"
        + $$$""","00081155":{"vr":"UI","Value":["{{{uid}}}"]},"00081190":{"vr":"UR","Value":["http://x/instances/{{{uid}}}"]}"""
        + (warning is null ? "" : $$$""","00081196":{"vr":"US","Value":[{{{warning}}}]}""") + "}";

    public static string Failed(string? uid, int? reason, string? detail = null)
    {
        List<string> attributes = [];
        if (uid is not null)
            attributes.Add(Attribute("00081155", "UI", $"\"{uid}\""));
        if (reason is not null)
            attributes.Add(Attribute("00081197", "US", $"{reason}"));
        if (detail is not null)
            attributes.Add(Attribute("00091097", "LO", $"\"{detail}\""));
        return "{" + string.Join(',', attributes) + "}";
    }

    private static string Attribute(string tag, string vr, string value) => $"\"{tag}\":{{\"vr\":\"{vr}\",\"Value\":[{value}]}}";

    private static string Items(IReadOnlyCollection<string> items) => items.Count == 0 ? "" : $",\"Value\":[{string.Join(',', items)}]";
}
