using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DicomFunctions.App.Credentials;
using DicomFunctions.App.PubSub;
using DicomFunctions.App.Storage;
using DicomFunctions.Core;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.App.Tests;

/// <summary>The documentation, the sample and the templates name the settings there are.</summary>
public sealed partial class SettingsTests
{
    private static readonly string Repository = typeof(SettingsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryDirectory").Value!;

    private static readonly HashSet<string> Settings =
        [.. from type in typeof(DicomFunctionsServices).Assembly.GetTypes().Concat(typeof(StorageOptions).Assembly.GetTypes())
            let section = type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
            where section is not null
            from setting in Of(type, section.Replace(":", "__", StringComparison.Ordinal))
            select setting];

    [Fact]
    public void Every_setting_is_documented()
        => Assert.Empty(Settings.Except(NamesIn("docs/settings.md")).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("docs/settings.md")]
    [InlineData("local.settings.sample.json")]
    [InlineData("infra/azure/modules/functions.bicep")]
    public void No_setting_is_named_that_there_is_not(string path)
    {
        var names = NamesIn(path);

        Assert.NotEmpty(names);
        Assert.Empty(names.Except(Settings).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_sample_is_taken_by_the_app()
    {
        var sample = File.ReadAllText(Path.Combine(Repository, "local.settings.sample.json"));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(JsonNode.Parse(sample)!["Values"]!.AsObject()
                .ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => (string?)setting.Value))
            .Build();
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddBlobObjectStore()
            .AddGoogleCredentials()
            .AddPubSub()
            .AddDicomFunctions()
            .BuildServiceProvider();

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Null(services.GetRequiredService<IOptions<DropOptions>>().Value.MaxWorkers);
        Assert.Equal(5, services.GetRequiredService<IOptions<JobOptions>>().Value.MaxWorkers);
    }

    /// <summary>A request that waits counts with those the host runs, and those with all it has taken in.</summary>
    [Fact]
    public void The_hosts_limits_leave_room_beside_the_requests_that_wait()
    {
        var http = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository, "host.json")))!["extensions"]!["http"]!;
        var running = (int)http["maxConcurrentRequests"]!;

        Assert.InRange(new ApiOptions().MaxWaiters, 1, running / 2);
        Assert.InRange((int)http["maxOutstandingRequests"]!, 2 * running, int.MaxValue);
    }

    private static HashSet<string> NamesIn(string path)
        => [.. Name().Matches(File.ReadAllText(Path.Combine(Repository, path))).Select(match => match.Groups["name"].Value)];

    private static IEnumerable<string> Of(Type type, string prefix)
        => from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           let name = $"{prefix}__{property.Name}"
           from setting in IsSection(property.PropertyType) ? Of(property.PropertyType, name)
               : Named(property.PropertyType) is { } named ? Of(named, name + "__NAME")
               : [name]
           select setting;

    /// <summary>The type of the sections of which there is one for each name; null if the setting has none.</summary>
    private static Type? Named(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>) && IsSection(type.GetGenericArguments()[1])
            ? type.GetGenericArguments()[1]
            : null;

    private static bool IsSection(Type type) => type.Assembly == typeof(DicomFunctionsServices).Assembly && type.IsClass;

    [GeneratedRegex(@"\b(?<name>DicomFunctions(?:__[A-Za-z]+)+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
