using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Api;

namespace DicomFunctions.Testing.OpenApi;

/// <summary>The document that the hosts serve at <c>/api/openapi.json</c>, and whether an answer is as it says.</summary>
public sealed class ApiDocument
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private ApiDocument(JsonObject root)
    {
        Root = root;
        Validator = new SchemaValidator(this);
        Operations =
        [
            .. from path in root["paths"]!.AsObject()
               from item in path.Value!.AsObject()
               where Methods.Contains(item.Key)
               select new ApiOperation(item.Key.ToUpperInvariant(), path.Key, Parameters(path.Value!, item.Value!), item.Value!.AsObject()),
        ];
    }

    public JsonObject Root { get; }

    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>What a host serves.</summary>
    public IEnumerable<string> MethodsAndPaths => Operations.Select(operation => $"{operation.Method} /api{operation.Path}");

    public SchemaValidator Validator { get; }

    public static ApiDocument Load()
    {
        using var stream = typeof(AboutApi).Assembly.GetManifestResourceStream("openapi.json")!;
        return new ApiDocument(JsonNode.Parse(stream)!.AsObject());
    }

    public JsonObject Schema(string name) => Root["components"]!["schemas"]![name]!.AsObject();

    /// <summary>What a reference leads to, or the node itself where it is none.</summary>
    public JsonObject Follow(JsonNode node)
    {
        while (node["$ref"] is { } reference)
            node = Find((string)reference!) ?? throw new InvalidDataException($"{reference} leads nowhere.");
        return node.AsObject();
    }

    /// <summary>The operation that a request is for; null when there is none.</summary>
    /// <param name="method">In capitals.</param>
    /// <param name="path">With <c>/api</c> before it.</param>
    public ApiOperation? Find(string method, string path)
    {
        var parts = path.Split('/');
        return Operations.SingleOrDefault(operation =>
            operation.Method == method && $"/api{operation.Path}".Split('/') is var template && template.Length == parts.Length
            && template.Zip(parts).All(pair => pair.First == pair.Second || pair.First.StartsWith('{')));
    }

    /// <summary>How an answer differs from what the document says of it; nothing where it does not.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync(ApiOperation operation, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var responses = operation.Node["responses"]!;
        if ((responses[$"{status}"] ?? responses[$"{status / 100}XX"]) is not { } node)
            return [$"{operation}: {status} is not told of."];
        var response = Follow(node);
        var body = await answer.Content.ReadAsByteArrayAsync();
        List<string> problems = [];
        foreach (var (name, header) in response["headers"]?.AsObject() ?? [])
        {
            if ((bool?)Follow(header!)["required"] == true && !answer.Headers.Contains(name))
                problems.Add($"the header {name} is missing");
        }

        var type = answer.Content.Headers.ContentType?.MediaType;
        if (response["content"] is not JsonObject content)
        {
            if (body.Length > 0)
                problems.Add("there is a body");
        }
        else if (type is null || content[type] is not { } media)
        {
            problems.Add($"the body is {type ?? "missing"}");
        }
        else
        {
            foreach (var value in Values(type, body))
                problems.AddRange(Validator.Problems(value, media["schema"]!));
        }

        return [.. problems.Select(problem => $"{operation}, {status}: {problem}: {Encoding.UTF8.GetString(body)}")];
    }

    /// <summary>The node a reference names; null when there is none.</summary>
    public JsonNode? Find(string reference)
    {
        JsonNode? node = Root;
        foreach (var step in reference.Split('/')[1..])
            node = node?[step];
        return reference.StartsWith("#/", StringComparison.Ordinal) ? node : null;
    }

    private static IEnumerable<JsonNode?> Values(string type, byte[] body) => type switch
    {
        "application/x-ndjson" => Encoding.UTF8.GetString(body)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)),
        "text/html" or "text/csv" or "text/javascript" or "application/vnd.apache.parquet" =>
            [JsonValue.Create(Encoding.UTF8.GetString(body))],
        _ => [JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })],
    };

    private List<JsonObject> Parameters(params IEnumerable<JsonNode> places) =>
        [.. places.SelectMany(place => place["parameters"]?.AsArray() ?? []).Select(parameter => Follow(parameter!))];
}
