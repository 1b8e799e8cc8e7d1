using System.Reflection;
using Azure.Storage.Blobs;
using DicomFunctions.App.Triggers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.Integration.Azurite;

/// <summary>Calls the app's functions as the Functions host does: by what their triggers say.</summary>
internal static class FunctionRoutes
{
    private static readonly MethodInfo[] Functions =
    [
        .. typeof(SubmitFunctions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(FunctionAttribute))),
    ];

    /// <summary>Every function with an HTTP trigger, at its route.</summary>
    public static void MapFunctions(this IEndpointRouteBuilder app, Func<DurableTaskClient> client)
    {
        foreach (var function in Functions)
        {
            if (TriggerOf<HttpTriggerAttribute>(function) is not { } trigger)
                continue;
            // A trigger that names no methods takes all.
            var route = app.Map(trigger.Route!, async (HttpContext context) =>
            {
                var result = Call(function, context.RequestServices, Argument) switch
                {
                    Task<IResult> task => await task,
                    var answer => (IResult)answer!,
                };
                await result.ExecuteAsync(context);

                object Argument(ParameterInfo parameter) =>
                    parameter.ParameterType == typeof(HttpRequest) ? context.Request
                    : parameter.ParameterType == typeof(DurableTaskClient) ? client()
                    : context.Request.RouteValues[parameter.Name!]!;
            });
            if (trigger.Methods is { } methods)
                route.WithMetadata(new HttpMethodMetadata(methods));
        }
    }

    /// <summary>Runs a function with a timer or a blob's event to its end.</summary>
    public static Task RunAsync(string name, IServiceProvider services, DurableTaskClient client, BlobClient blob) => (Task)Call(
        Functions.Single(function => function.GetCustomAttribute<FunctionAttribute>()!.Name == name),
        services,
        parameter =>
            parameter.ParameterType == typeof(TimerInfo) ? new TimerInfo()
            : parameter.ParameterType == typeof(BlobClient) ? blob
            : parameter.ParameterType == typeof(DurableTaskClient) ? client
            : CancellationToken.None)!;

    private static object? Call(MethodInfo function, IServiceProvider services, Func<ParameterInfo, object> argument) => function.Invoke(
        function.IsStatic ? null : ActivatorUtilities.CreateInstance(services, function.DeclaringType!),
        [.. function.GetParameters().Select(argument)]);

    private static T? TriggerOf<T>(MethodInfo function)
        where T : Attribute
        => function.GetParameters().Select(parameter => parameter.GetCustomAttribute<T>()).SingleOrDefault(found => found is not null);
}
