using System.Text.Json;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Events;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Sources;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Hosting;

/// <summary>
/// A JSON file of settings: the sections of docs/settings.md as objects, and beside them <c>Logging</c> and <c>Kestrel</c>. The command
/// line and the environment take precedence.
/// </summary>
internal static class ConfigurationFile
{
    /// <summary>The file that is read from the working directory, if it is there and no other is named.</summary>
    public const string DefaultName = "dicomfn.json";

    private const string Root = "DicomFunctions";

    private const string ModeKey = $"{AuthorizationOptions.SectionName}:{nameof(AuthorizationOptions.Mode)}";

    private static readonly string[] ServerKeys =
    [
        $"{DicomWebOptions.SectionName}:{nameof(DicomWebOptions.BaseUrl)}",
        $"{DicomWebOptions.SectionName}:{nameof(DicomWebOptions.ServiceRoot)}",
    ];

    /// <summary>Sections of the runtime, which checks them itself or ignores what it does not know.</summary>
    private static readonly string[] RuntimeSections = ["Logging", "Kestrel"];

    /// <summary>Keys of secrets. A file in a working directory is copied and shared too easily to hold them.</summary>
    private static readonly string[] Secrets =
    [
        nameof(AuthorizationOptions.BearerToken), nameof(EventOptions.Secret), nameof(LocalOptions.ApiKey),
        nameof(DicomWebServerOptions.Password),
    ];

    private static readonly Dictionary<string, Type> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        [ApiOptions.SectionName] = typeof(ApiOptions),
        [AuthorizationOptions.SectionName] = typeof(AuthorizationOptions),
        [DicomWebOptions.SectionName] = typeof(DicomWebOptions),
        [DropOptions.SectionName] = typeof(DropOptions),
        [EventOptions.SectionName] = typeof(EventOptions),
        [JobOptions.SectionName] = typeof(JobOptions),
        [LocalOptions.SectionName] = typeof(LocalOptions),
        [NotificationOptions.SectionName] = typeof(NotificationOptions),
        [PushOptions.SectionName] = typeof(PushOptions),
        [SourceOptions.SectionName] = typeof(SourceOptions),
    };

    /// <summary>The settings of a file that the environment does not set.</summary>
    /// <param name="file">The file; null for the one of the working directory, if there is one.</param>
    /// <exception cref="CommandFailedException">The file cannot be read, or has unknown keys or secrets.</exception>
    public static Dictionary<string, string?> Read(FileInfo? file)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        if (file is null && !File.Exists(DefaultName))
            return settings;
        var name = file?.ToString() ?? DefaultName;
        var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var values = Load(name).AsEnumerable().Where(setting => setting.Value is not null).ToList();
        Check(name, [.. values.Select(setting => setting.Key)]);
        foreach (var (key, value) in values)
        {
            if (environment[key] is null)
                settings[key] = value;
        }

        // As with --base-url: a file that names another server does not send Google's credentials there unless it says so.
        if (environment[ModeKey] is null && settings.GetValueOrDefault(ModeKey) is null && ServerKeys.Any(IsOther))
            settings[ModeKey] = nameof(AuthorizationMode.None);
        return settings;

        bool IsOther(string key) => settings.GetValueOrDefault(key) is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var server)
                && server.Host.EndsWith(".googleapis.com", StringComparison.Ordinal));
    }

    private static IConfigurationRoot Load(string name)
    {
        try
        {
            using var content = File.OpenRead(name);
            return new ConfigurationBuilder().AddJsonStream(content).Build();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"--config: cannot read '{name}': {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw new CommandFailedException($"{name}: {(exception.InnerException ?? exception).Message}", exception);
        }
    }

    private static void Check(string name, IReadOnlyList<string> keys)
    {
        if (keys.Where(key => !IsKnown(key)).ToList() is { Count: > 0 } unknown)
            throw new CommandFailedException($"{name}: unknown settings: {string.Join(", ", unknown)}. docs/settings.md lists all.");
        if (keys.FirstOrDefault(IsSecret) is { } secret)
        {
            throw new CommandFailedException(
                $"{name}: {secret} is a secret, which does not belong in this file. Set it in the environment, or name a file with it.");
        }
    }

    private static bool IsKnown(string key)
    {
        var parts = key.Split(':');
        return RuntimeSections.Contains(parts[0], StringComparer.OrdinalIgnoreCase)
            || (parts.Length > 2
                && parts[0].Equals(Root, StringComparison.OrdinalIgnoreCase)
                && Sections.TryGetValue($"{parts[0]}:{parts[1]}", out var options)
                && options.GetProperties().Any(property => property.Name.Equals(parts[2], StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsSecret(string key) =>
        Secrets.Contains(key[(key.LastIndexOf(':') + 1)..], StringComparer.OrdinalIgnoreCase);
}
