using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DicomFunctions.Testing.OpenApi;
using Xunit;

namespace DicomFunctions.Core.Tests.Api.OpenApi;

/// <summary>That the document holds together.</summary>
public sealed class DocumentTests
{
    private static readonly ApiDocument Document = ApiDocument.Load();

    [Fact]
    public void Every_reference_leads_somewhere_and_every_component_is_referred_to()
    {
        var references = Nodes(Document.Root).Select(node => (string?)(node.Node as JsonObject)?["$ref"]).OfType<string>().ToHashSet();

        Assert.All(references, reference => Assert.NotNull(Document.Find(reference)));
        var components = Document.Root["components"]!.AsObject().Where(kind => kind.Key != "securitySchemes")
            .SelectMany(kind => kind.Value!.AsObject().Select(component => $"#/components/{kind.Key}/{component.Key}"));
        Assert.Empty(components.Except(references));
    }

    [Fact]
    public void Every_operation_has_an_id_of_its_own_a_summary_a_tag_and_answers()
    {
        var tags = Document.Root["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).ToList();

        Assert.Equal(Document.Operations.Count, Document.Operations.Select(operation => operation.Id).Distinct().Count());
        Assert.All(Document.Operations, operation =>
        {
            Assert.Matches("^[a-z][a-zA-Z]+$", operation.Id);
            Assert.NotEqual("", (string?)operation.Node["summary"] ?? "");
            Assert.Subset(tags.ToHashSet(), operation.Node["tags"]!.AsArray().Select(tag => (string)tag!).ToHashSet());
            Assert.NotEmpty(operation.Node["responses"]!.AsObject());
        });
    }

    [Fact]
    public void Head_is_where_get_is_with_the_same_parameters()
        => Assert.Equal(Signatures("GET"), Signatures("HEAD"));

    [Fact]
    public void Every_operation_tells_of_429_and_those_that_need_a_key_of_401()
        => Assert.All(Document.Operations, operation =>
        {
            var told = operation.Node["responses"]!.AsObject().Select(response => response.Key).ToHashSet();
            if (operation.Method == "HEAD")
                Assert.Contains("4XX", told);
            else
                Assert.Superset(operation.Security is { Count: 0 } ? ["429"] : new HashSet<string> { "429", "401" }, told);
        });

    [Fact]
    public void Every_record_is_told_by_its_kind()
    {
        var record = Document.Schema("Record");
        var mapping = record["discriminator"]!["mapping"]!.AsObject();

        Assert.Equal("kind", (string?)record["discriminator"]!["propertyName"]);
        Assert.Equal(
            record["oneOf"]!.AsArray().Select(one => (string?)one!["$ref"]), mapping.Select(kind => (string?)kind.Value));
        Assert.All(mapping, kind => Assert.Equal(kind.Key, (string?)Document.Find((string)kind.Value!)!["properties"]!["kind"]!["const"]));
    }

    [Fact]
    public void Every_parameter_is_declared_once_and_those_of_the_path_are_in_it()
        => Assert.All(Document.Operations, operation =>
        {
            var declared = operation.Parameters.Select(parameter => ((string)parameter["in"]!, (string)parameter["name"]!)).ToList();
            Assert.Equal(declared.Distinct(), declared);
            Assert.Equal(
                Regex.Matches(operation.Path, "{([^}]+)}").Select(match => match.Groups[1].Value),
                declared.Where(parameter => parameter.Item1 == "path").Select(parameter => parameter.Item2));
            Assert.All(operation.Parameters, parameter => Assert.NotNull(parameter["schema"]));
            Assert.All(
                operation.Parameters.Where(parameter => (string?)parameter["in"] == "path"),
                parameter => Assert.True((bool)parameter["required"]!));
        });

    [Fact]
    public void Every_security_requirement_is_a_scheme_that_is_declared()
    {
        var declared = Document.Root["components"]!["securitySchemes"]!.AsObject().Select(scheme => scheme.Key).ToHashSet();
        var used = Nodes(Document.Root).Where(node => node.Key == "security")
            .SelectMany(node => node.Node!.AsArray()).SelectMany(one => one!.AsObject().Select(scheme => scheme.Key)).ToHashSet();

        Assert.Equal(declared.Order(), used.Order());
    }

    [Fact]
    public void Every_example_and_default_is_of_its_schema()
    {
        var checkedOnes = 0;
        foreach (var (_, node) in Nodes(Document.Root))
        {
            if (node is not JsonObject place)
                continue;
            var schema = place["schema"] ?? (place.ContainsKey("type") ? place : null);
            foreach (var key in new[] { "example", "default" })
            {
                if (schema is null || place[key] is not { } example)
                    continue;
                Assert.Empty(Document.Validator.Problems(example, schema));
                checkedOnes++;
            }
        }

        Assert.InRange(checkedOnes, 10, 1000);
    }

    [Theory]
    [InlineData("AcceptedJob", """{"id":"20261122-081653-k3f9x2","status_url":"/a"}""", "$ has no results_url")]
    [InlineData(
        "AcceptedJob", """{"id":"20261122-081653-k3f9xl","status_url":"/a","results_url":"/b"}""",
        "$.id is not like ^[0-9]{8}-[0-9]{6}-[0-9a-kmnp-z]{6}$")]
    [InlineData("Health", """{"status":"ok","version":"1","checks":{},"also":1}""", "$ has also")]
    [InlineData("Health", """{"status":"bad","version":1,"checks":{}}""", "$.status is not ok|$.version is not string")]
    [InlineData("SearchJob", """{"requests":[],"buffer_size":10001}""", "$.buffer_size is over 10000")]
    [InlineData("JobKind", "\"searches\"", "$ is searches, none of [\"search\",\"upload\",\"notifications\",\"retrieve\"]")]
    [InlineData("Attempts", "1.5", "$ is not integer")]
    public void Validator_what_is_not_of_its_schema_is_found(string schema, string value, string problems)
        => Assert.Equal(problems.Split('|'), Document.Validator.Problems(JsonNode.Parse(value), Document.Schema(schema))
            .Select(problem => problem.Replace("\n", "", StringComparison.Ordinal).Replace("  ", "", StringComparison.Ordinal)));

    private static IEnumerable<string> Signatures(string method) => Document.Operations
        .Where(operation => operation.Method == method)
        .Select(operation =>
            $"{operation.Path} {string.Join(' ', operation.Parameters.Select(parameter => (string?)parameter["name"]))} "
            + string.Join(' ', operation.Security ?? ["key"]));

    private static IEnumerable<(string Key, JsonNode? Node)> Nodes(JsonNode? node, string key = "")
    {
        yield return (key, node);
        var inner = node?.GetValueKind() switch
        {
            // What is in an example is data.
            JsonValueKind.Object => node.AsObject()
                .Where(property => property.Key != "example")
                .SelectMany(property => Nodes(property.Value, property.Key)),
            JsonValueKind.Array => node.AsArray().SelectMany(item => Nodes(item)),
            _ => [],
        };
        foreach (var found in inner)
            yield return found;
    }
}
