using DicomFunctions.Testing.OpenApi;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace DicomFunctions.App.Tests.Triggers;

/// <summary>That the API's document tells of what the function app serves.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public void Operations_are_the_http_triggers_and_those_that_need_no_key_say_so()
    {
        var document = ApiDocument.Load();
        // What leads to the dashboard is no operation of the API.
        var served = FunctionMetadata.All.Values.Where(function => function is { TriggerType: "httpTrigger", Name: not "Home" })
            .Select(function => function.Trigger)
            .SelectMany(trigger => FunctionMetadata.MethodsOf(trigger).Select(method => (
                $"{method.ToUpperInvariant()} /{trigger.GetProperty("route")}",
                Enum.Parse<AuthorizationLevel>(trigger.GetProperty("authLevel").GetString()!))))
            .ToList();

        // Security that an operation does not name is the document's: a key.
        Assert.Equal(document.MethodsAndPaths.Order(), served.Select(one => one.Item1).Order());
        Assert.All(document.Operations, operation => Assert.Contains(
            ($"{operation.Method} /api{operation.Path}", operation.Security is null
                ? AuthorizationLevel.Function
                : AuthorizationLevel.Anonymous),
            served));
    }
}
