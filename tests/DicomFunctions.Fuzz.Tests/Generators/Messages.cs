using System.Text;

namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>Pub/Sub messages in all their forms.</summary>
internal static class Messages
{
    /// <summary>A message about an instance, and the instance's path.</summary>
    public static Gen<(string Json, string Path)> OfAnInstance { get; } =
        from instance in Paths.Instance
        let path = Paths.Text(instance)
        let data = $"\"data\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(path))}\""
        let attributes =
            $"\"attributes\":{{\"action\":\"StoreInstances\",\"storeName\":\"{instance.Store}\",\"studyInstanceUID\":\"{instance.Study}\","
            + $"\"seriesInstanceUID\":\"{instance.Series}\",\"sopInstanceUID\":\"{instance.Instance}\"}}"
        from bad in BadData
        from others in JsonTexts.Object
        from message in Gen.Elements(
            $"{{{data}}}", $"{{{attributes}}}", $"{{{attributes},{data}}}", $"{{{bad},{attributes}}}",
            $"{{\"other\":{others},{data},\"messageId\":\"1\"}}")
        from form in Gen.Elements(
            $"\"{path}\"", message, $"{{\"message\":{message},\"subscription\":\"projects/p/subscriptions/s\"}}",
            $"{{\"ackId\":\"a\",\"message\":{message},\"deliveryAttempt\":2}}")
        select (form, path);

    /// <summary>JSON that may or may not be a message.</summary>
    public static Gen<string> Any { get; } = Gen.OneOf(
        JsonTexts.Value,
        OfAnInstance.Select(message => message.Json),
        from key in Gen.Elements("data", "attributes", "message", "messageId", "publishTime", "\\ud800", "m\\u0065ssage")
        from value in Gen.OneOf(JsonTexts.Value, BadData.Select(data => $"{{{data}}}"))
        select $"{{\"{key}\":{value}}}");

    private static Gen<string> BadData =>
        from data in Gen.Elements(
            "null", "5", "\"\"", "\"====\"", "\"!\"", "\"/w==\"", "\"7aCA\"", "\"cHJvamVjdHM=\"", "\"\\ud800\"", "{\"data\":1}")
        select $"\"data\":{data}";
}
