using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DicomFunctions.Testing.OpenApi;

/// <summary>
/// Checks values against the schemas of a document (JSON Schema 2020-12, as far as the document uses it). It is stricter than that in one
/// thing: where a schema names properties and says nothing of others, there are none, so that nothing is answered that is not told of.
/// </summary>
public sealed class SchemaValidator(ApiDocument document)
{
    private static readonly string[] Annotations =
        ["description", "default", "example", "contentMediaType", "contentEncoding", "discriminator"];

    /// <summary>What is wrong with a value, and where in it; nothing where it is good.</summary>
    /// <exception cref="InvalidDataException">The schema has a keyword that is not known here.</exception>
    public IReadOnlyList<string> Problems(JsonNode? value, JsonNode schema)
    {
        List<string> problems = [];
        Check(value, schema.AsObject(), "$", problems);
        return problems;
    }

    private static bool IsOfType(JsonNode? value, string type) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) => true,
        ("string", JsonValueKind.String)
            or ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => Number(value!) % 1 == 0,
        _ => false,
    };

    private static decimal Number(JsonNode node) => decimal.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool IsOfFormat(string text, string format) => format switch
    {
        "date-time" => text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uri-reference" => Uri.IsWellFormedUriString(text, UriKind.RelativeOrAbsolute),
        _ => throw new InvalidDataException($"The format {format} is not known here."),
    };

    private void Check(JsonNode? value, JsonObject schema, string at, List<string> problems)
    {
        foreach (var (keyword, rule) in schema)
        {
            if (!Annotations.Contains(keyword) && Problem(value, schema, keyword, rule!, at, problems) is { } problem)
                problems.Add($"{at} {problem}");
        }

        if (value is JsonObject given && schema["properties"] is JsonObject known && !schema.ContainsKey("additionalProperties"))
            problems.AddRange(given.Where(property => !known.ContainsKey(property.Key)).Select(property => $"{at} has {property.Key}"));
    }

    /// <summary>What one keyword finds wrong; what it finds further down it adds itself.</summary>
    private string? Problem(JsonNode? value, JsonObject schema, string keyword, JsonNode rule, string at, List<string> problems)
    {
        switch (keyword)
        {
            case "$ref":
                Check(value, document.Follow(schema), at, problems);
                return null;
            case "type":
                return (rule is JsonArray types ? types.ToList() : [rule]).Exists(type => IsOfType(value, (string)type!))
                    ? null
                    : $"is not {rule}";
            case "const":
                return JsonNode.DeepEquals(value, rule) ? null : $"is not {rule}";
            case "enum":
                return rule.AsArray().Any(one => JsonNode.DeepEquals(value, one)) ? null : $"is {value}, none of {rule}";
            case "oneOf" or "anyOf":
                var found = rule.AsArray().Select(one => Problems(value, one!)).ToList();
                var fitting = found.Count(one => one.Count == 0);
                return fitting == 1 || (fitting > 1 && keyword == "anyOf")
                    ? null
                    : $"fits {fitting} of {keyword}: {string.Join("; ", found.SelectMany(one => one))}";
        }

        return value switch
        {
            JsonObject given => ObjectProblem(given, schema, keyword, rule, at, problems),
            JsonArray items => ArrayProblem(items, keyword, rule, at, problems),
            JsonValue scalar => ScalarProblem(scalar, keyword, rule),
            _ => null,
        };
    }

    private string? ObjectProblem(JsonObject given, JsonObject schema, string keyword, JsonNode rule, string at, List<string> problems)
    {
        switch (keyword)
        {
            case "required":
                return rule.AsArray().FirstOrDefault(name => !given.ContainsKey((string)name!)) is { } missing ? $"has no {missing}" : null;
            case "maxProperties":
                return given.Count <= (int)rule ? null : "has too many properties";
            case "properties":
                foreach (var (name, property) in rule.AsObject().Where(property => given.ContainsKey(property.Key)))
                    Check(given[name], property!.AsObject(), $"{at}.{name}", problems);
                return null;
            case "propertyNames":
                foreach (var (name, _) in given)
                    Check(name, rule.AsObject(), $"{at}.{name}", problems);
                return null;
            case "additionalProperties":
                var others = given.Where(property => schema["properties"]?[property.Key] is null).ToList();
                if (rule is JsonObject other)
                    others.ForEach(property => Check(property.Value, other, $"{at}.{property.Key}", problems));
                return rule is JsonValue && !(bool)rule && others.Count > 0 ? $"has {others[0].Key}" : null;
            default:
                return Foreign(keyword);
        }
    }

    private string? ArrayProblem(JsonArray items, string keyword, JsonNode rule, string at, List<string> problems)
    {
        switch (keyword)
        {
            case "items":
                for (var i = 0; i < items.Count; i++)
                    Check(items[i], rule.AsObject(), $"{at}[{i}]", problems);
                return null;
            case "minItems":
                return items.Count >= (int)rule ? null : "has too few items";
            case "maxItems":
                return items.Count <= (int)rule ? null : "has too many items";
            default:
                return Foreign(keyword);
        }
    }

    private static string? ScalarProblem(JsonValue value, string keyword, JsonNode rule)
    {
        var isText = value.GetValueKind() == JsonValueKind.String;
        var isNumber = value.GetValueKind() == JsonValueKind.Number;
        return keyword switch
        {
            "minimum" => !isNumber || Number(value) >= Number(rule) ? null : $"is under {rule}",
            "maximum" => !isNumber || Number(value) <= Number(rule) ? null : $"is over {rule}",
            "pattern" => !isText || Regex.IsMatch((string)value!, (string)rule!, RegexOptions.ECMAScript) ? null : $"is not like {rule}",
            "format" => !isText || IsOfFormat((string)value!, (string)rule!) ? null : $"is no {rule}",
            _ => Foreign(keyword),
        };
    }

    /// <summary>A keyword about values of another type has nothing to say of this one.</summary>
    private static string? Foreign(string keyword) => keyword is "required" or "maxProperties" or "properties" or "propertyNames"
        or "additionalProperties" or "items" or "minItems" or "maxItems" or "minimum" or "maximum" or "pattern" or "format"
        ? null
        : throw new InvalidDataException($"The keyword {keyword} is not known here.");
}
