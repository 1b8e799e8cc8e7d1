using System.Text.Json.Nodes;

namespace DicomFunctions.Testing.OpenApi;

/// <summary>One operation of the API's document.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its parameters in braces, below the server's URL.</param>
/// <param name="Parameters">Its own and its path's, references followed.</param>
/// <param name="Node">What the document says of it.</param>
public sealed record ApiOperation(string Method, string Path, IReadOnlyList<JsonObject> Parameters, JsonObject Node)
{
    public string Id => (string)Node["operationId"]!;

    /// <summary>The names of the security schemes that open it; none: it is open to everyone. Null: those of the document.</summary>
    public IReadOnlyList<string>? Security =>
        Node["security"]?.AsArray().SelectMany(one => one!.AsObject().Select(scheme => scheme.Key)).ToList();

    public override string ToString() => $"{Method} {Path}";
}
