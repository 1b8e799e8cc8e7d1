using System.Reflection;
using System.Text.Json;
using DicomFunctions.App.Triggers;
using Xunit;

namespace DicomFunctions.App.Tests.Triggers;

/// <summary>A function as Worker.Sdk's build tells it to the Functions host, with the method it is.</summary>
internal sealed record FunctionMetadata(string Name, MethodInfo Method, IReadOnlyList<JsonElement> Bindings)
{
    /// <summary>Every function of functions.metadata, by name.</summary>
    public static IReadOnlyDictionary<string, FunctionMetadata> All { get; } =
        Generated("functions.metadata").EnumerateArray().Select(Read).ToDictionary(function => function.Name);

    /// <summary>A file that the build of the app generates for the host.</summary>
    public static JsonElement Generated(string file) => JsonElement.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file)));

    public JsonElement Trigger => Assert.Single(Bindings, binding => TypeOf(binding).EndsWith("Trigger", StringComparison.Ordinal));

    public string TriggerType => TypeOf(Trigger);

    /// <summary>The type of the method's parameter that a binding fills.</summary>
    public Type ParameterType(JsonElement binding) =>
        Assert.Single(Method.GetParameters(), parameter => parameter.Name == binding.GetProperty("name").GetString()).ParameterType;

    /// <summary>What a binding says, without the properties that all have.</summary>
    public static IReadOnlyDictionary<string, string> Settings(JsonElement binding) => binding.EnumerateObject()
        .Where(property => property.Name is not ("name" or "type" or "direction" or "properties"))
        .ToDictionary(property => property.Name, property => property.Value.ToString());

    /// <summary>The methods that a request's trigger takes; none named: all.</summary>
    public static IReadOnlyList<string> MethodsOf(JsonElement trigger) =>
        trigger.TryGetProperty("methods", out var methods) && methods.ValueKind == JsonValueKind.Array
            ? [.. methods.EnumerateArray().Select(method => method.GetString()!)]
            : [];

    public static string TypeOf(JsonElement binding) => binding.GetProperty("type").GetString()!;

    private static FunctionMetadata Read(JsonElement function)
    {
        var entryPoint = function.GetProperty("entryPoint").GetString()!;
        var dot = entryPoint.LastIndexOf('.');
        var type = typeof(SubmitFunctions).Assembly.GetType(entryPoint[..dot], throwOnError: true)!;
        return new(
            function.GetProperty("name").GetString()!,
            type.GetMethod(entryPoint[(dot + 1)..])!,
            [.. function.GetProperty("bindings").EnumerateArray()]);
    }
}
