using System.CommandLine;
using System.CommandLine.Parsing;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary>Options that several commands share, and the settings they set.</summary>
internal static class CommonOptions
{
    public const string BaseUrlKey = $"{DicomWebOptions.SectionName}:{nameof(DicomWebOptions.BaseUrl)}";

    public const string ServiceRootKey = $"{DicomWebOptions.SectionName}:{nameof(DicomWebOptions.ServiceRoot)}";

    private const string DataKey = $"{LocalOptions.SectionName}:{nameof(LocalOptions.DataDirectory)}";

    /// <summary>The key of the least important log lines that are shown.</summary>
    public const string LogLevelKey = "Logging:LogLevel:Default";

    /// <summary>The name of the only store on a server without store paths.</summary>
    public const string NamelessStore = "projects/local/locations/local/datasets/local/dicomStores/local";

    public static Option<DirectoryInfo?> Data { get; } = new("--data")
    {
        Description = "The directory of jobs and journals. Default: a folder in the user's profile.",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<FileInfo?> Config { get; } = new("--config")
    {
        Description = $"A JSON file of settings. Default: {ConfigurationFile.DefaultName} in the working directory, if there is one.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<string?> Store { get; } = new("--store", "-s")
    {
        Description = "The DICOM store: projects/PROJECT/locations/LOCATION/datasets/DATASET/dicomStores/STORE.",
        HelpName = "PATH",
        Validators = { result => CheckStore(result.GetValueOrDefault<string?>(), result.AddError) },
    };

    public static Option<Uri?> BaseUrl { get; } = new("--base-url")
    {
        Description = "Server to use instead of Google's. With --store: the URL before projects/. Without: a DICOMweb root.",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return url;
            result.AddError("--base-url must be an http or https URL.");
            return null;
        },
    };

    public static Option<FileInfo?> TokenFile { get; } = new("--token-file")
    {
        Description = "A file with a bearer token, instead of Application Default Credentials.",
        HelpName = "FILE",
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var file] && !File.Exists(file.Value))
                    result.AddError($"--token-file: file '{file.Value}' does not exist.");
            },
        },
    };

    public static Option<Uri?> Server { get; } = new("--server")
    {
        Description = "Work with the jobs of a server, 'dicomfn serve' or the function app, instead of a data directory.",
        HelpName = "URL",
        Recursive = true,
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                && url is { UserInfo: "", Query: "", Fragment: "" })
            {
                return url;
            }

            result.AddError("--server must be an http or https URL without user, query and fragment.");
            return null;
        },
    };

    public static Option<FileInfo?> ApiKeyFile { get; } = new("--api-key-file")
    {
        Description = "A file with the server's API key, or the function app's function key.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<bool> AllowHttp { get; } = new("--allow-http")
    {
        Description = "Let --server be a plain http URL of another machine: whoever is in between can read the key and patient data.",
        Recursive = true,
    };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Show no progress and no reasons of failures, only records and errors.",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose", "-v")
    {
        Description = "Tell of each failed input, and log what is done.",
        Recursive = true,
    };

    public static Option<int?> MaxWorkers { get; } =
        NumberOption.Create("--max-workers", 1, 1_000, "The most batches in flight. Default: 5.", "-w");

    public static Option<int?> BufferSize { get; } =
        NumberOption.Create("--buffer-size", 1, 10_000, "The most inputs of a batch. Default: 8.", "-b");

    public static Option<string[]> Label { get; } = new("--label")
    {
        Description = "A word by which the job is found; may be given several times. Shown and logged: nothing of a patient.",
        HelpName = "WORD",
        DefaultValueFactory = _ => [],
    };

    public static Option<bool> FailFast { get; } = new("--fail-fast")
    {
        Description = "End at the first failed input: those in flight are finished, the others are not attempted, the job is cancelled.",
    };

    /// <summary>The options on the command line and the settings of the configuration file, as configuration.</summary>
    public static Dictionary<string, string?> Settings(ParseResult parsed)
    {
        var settings = SettingsWithoutServer(parsed);
        if (parsed.GetValue(BaseUrl) is { } url)
            SetServer(settings, new DicomServer(url, IsRoot: parsed.GetValue(Store) is null), parsed);
        return settings;
    }

    /// <summary>The same without <see cref="BaseUrl"/>.</summary>
    public static Dictionary<string, string?> SettingsWithoutServer(ParseResult parsed)
    {
        var settings = ConfigurationFile.Read(parsed.GetValue(Config));
        if (parsed.GetValue(Verbose))
            settings[LogLevelKey] = nameof(LogLevel.Information);
        if (parsed.GetValue(Data) is { } data)
            settings[DataKey] = data.FullName;
        if (parsed.GetValue(MaxWorkers) is { } workers)
            settings[$"{JobOptions.SectionName}:{nameof(JobOptions.MaxWorkers)}"] = Text(workers);
        if (parsed.GetValue(BufferSize) is { } size)
            settings[$"{JobOptions.SectionName}:{nameof(JobOptions.BufferSize)}"] = Text(size);
        if (parsed.GetValue(TokenFile) is { } token)
        {
            settings[$"{AuthorizationOptions.SectionName}:{nameof(AuthorizationOptions.Mode)}"] = nameof(AuthorizationMode.Bearer);
            settings[$"{AuthorizationOptions.SectionName}:{nameof(AuthorizationOptions.BearerTokenFile)}"] = token.FullName;
        }

        return settings;
    }

    /// <summary>Adds the server to use; it overrides the environment.</summary>
    public static void SetServer(Dictionary<string, string?> settings, DicomServer server, ParseResult parsed)
    {
        settings[server.IsRoot ? ServiceRootKey : BaseUrlKey] = server.Address.AbsoluteUri;
        // A root set in the environment would take precedence.
        if (!server.IsRoot)
            settings[ServiceRootKey] = null;
        // Google credentials are never sent to another server.
        if (parsed.GetValue(TokenFile) is null && !server.Address.Host.EndsWith(".googleapis.com", StringComparison.Ordinal))
            settings[$"{AuthorizationOptions.SectionName}:{nameof(AuthorizationOptions.Mode)}"] = nameof(AuthorizationMode.None);
    }

    /// <summary>The requested store; null if neither a store nor a server is given.</summary>
    public static DicomStorePath? FindStore(ParseResult parsed)
    {
        var path = parsed.GetValue(Store) ?? (parsed.GetValue(BaseUrl) is null ? null : NamelessStore);
        return DicomStorePath.TryParse(path, out var store) ? store : null;
    }

    /// <summary>
    /// The options that a later command needs to find the same jobs and use their server, each with a leading space; may be empty.
    /// </summary>
    public static string Again(ParseResult parsed, params ReadOnlySpan<Option> more) =>
        Repeat(parsed, [Data, Config, TokenFile, Server, ApiKeyFile, AllowHttp, .. more]);

    /// <summary>The options that a later command needs to find the same jobs, without those for their server.</summary>
    public static string DataAgain(ParseResult parsed) => Repeat(parsed, [Data, Config]);

    /// <summary>Adds the options of all commands that work with jobs.</summary>
    public static void AddJobOptions(this Command command)
    {
        foreach (var option in (Option[])[Server, ApiKeyFile, AllowHttp, Quiet, Verbose])
            command.Add(option);
    }

    /// <summary>A job of a kind, with the options of the command line.</summary>
    public static JobSubmission Submission(ParseResult parsed, JobKind kind)
    {
        string[] labels = [.. parsed.GetValue(Label)!.Distinct(StringComparer.Ordinal)];
        if (JobLabels.ProblemOf(labels) is { } problem)
            throw new UsageException($"--label: {problem}");
        return new()
        {
            Kind = kind,
            BufferSize = parsed.GetValue(BufferSize),
            MaxWorkers = parsed.GetValue(MaxWorkers),
            FailsFast = parsed.GetValue(FailFast),
            SubmittedBy = Environment.UserName,
            Labels = labels.Length > 0 ? labels : null,
        };
    }

    /// <summary>Refuses an argument that looks like an option, which would otherwise count as a file or a message.</summary>
    public static void RefuseOptions(ArgumentResult result)
    {
        foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
        {
            result.AddError(token.Value == "-"
                ? "To read standard input, use --input -."
                : $"Unknown option '{token.Value}'. If it is a file, write ./{token.Value}.");
        }
    }

    private static string Repeat(ParseResult parsed, Option[] options) => string.Concat(
        from option in options
        let result = parsed.GetResult(option)
        where result is { Implicit: false }
        let given = result.Tokens.Select(token => token.Value).FirstOrDefault() ?? ""
        select $" {option.Name} {(given.Any(char.IsWhiteSpace) ? $"'{given}'" : given)}".TrimEnd());

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void CheckStore(string? path, Action<string> addError)
    {
        if (path is not null && !DicomStorePath.TryParse(path, out _, out var problem))
            addError($"--store: {problem}");
    }
}
