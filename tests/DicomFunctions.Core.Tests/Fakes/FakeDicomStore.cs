using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Core.Dicom;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>A DICOMweb server on a port of its own, as good or as bad as a test makes it.</summary>
internal sealed class FakeDicomStore : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeDicomStore(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.Single() + "/v1";

    /// <summary>The targets of all requests as sent, without what stands before <c>/dicomWeb</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The Authorization headers of all requests.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = new();

    /// <summary>Has the first word on every request; true when it has answered.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = static _ => Task.FromResult(false);

    /// <summary>What a search has to choose from.</summary>
    public List<string> Rows { get; set; } = [];

    /// <summary>The most rows of a page, whatever <c>limit</c> says.</summary>
    public int? PageCap { get; set; }

    public bool IgnoresOffset { get; set; }

    /// <summary>Whether a study or a series is found once, however many of its instances are in <see cref="Rows"/>.</summary>
    public bool FindsParentsOnce { get; set; }

    /// <summary>What was stored, by SOP Instance UID.</summary>
    public ConcurrentDictionary<string, byte[]> Stored { get; } = new();

    /// <summary>The store transactions that arrived whole.</summary>
    public ConcurrentQueue<StowTransactionSeen> Transactions { get; } = new();

    /// <summary>Answers a store transaction in place of the default; true when it has.</summary>
    public Func<HttpContext, StowTransactionSeen, Task<bool>> OnStow { get; set; } = static (_, _) => Task.FromResult(false);

    /// <summary>Answers a retrieval in place of the default, which gives what is <see cref="Stored"/>.</summary>
    public Func<HttpContext, Task<bool>> OnRetrieve { get; set; } = static _ => Task.FromResult(false);

    public static async Task<FakeDicomStore> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestLineSize = 1 << 20;
            kestrel.Limits.MaxRequestBufferSize = 2 << 20;
        });
        var store = new FakeDicomStore(builder.Build());
        store._app.Run(store.AnswerAsync);
        await store._app.StartAsync();
        return store;
    }

    /// <summary>Rows of instances <c>1.2.{first}</c> and on.</summary>
    public static List<string> Instances(int count, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(i => Row($"1.2.{i}"))];

    /// <summary>Rows of instances <c>1.2.0</c> and on of the series 1.1.1 of the study 1.1.</summary>
    public static List<string> OneSeries(int count) => [.. Enumerable.Range(0, count).Select(i => Row("1.1", "1.1.1", $"1.2.{i}"))];

    public static string Row(string uid) => Row(uid, uid, uid);

    public static string Row(string study, string series, string instance) =>
        $$$"""{"00080018":{{{Uid(instance)}}},"0020000D":{{{Uid(study)}}},"0020000E":{{{Uid(series)}}}}""";

    private static string Uid(string uid) => $"{{\"vr\":\"UI\",\"Value\":[\"{uid}\"]}}";

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    public static async Task JsonAsync(HttpContext context, string text, int status = 200, string type = "application/dicom+json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(text);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var at = target.IndexOf("/dicomWeb", StringComparison.Ordinal);
        Requests.Enqueue(at < 0 ? target : target[(at + 9)..]);
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        if (await Before(context))
            return;
        if (HttpMethods.IsPost(context.Request.Method))
            await StowAsync(context);
        else if (context.Request.Path.Value!.Contains("/instances/", StringComparison.Ordinal))
            await RetrieveAsync(context);
        else
            await QidoAsync(context);
    }

    private async Task RetrieveAsync(HttpContext context)
    {
        if (await OnRetrieve(context))
            return;
        if (Stored.TryGetValue(context.Request.Path.Value!.Split('/')[^1], out var file))
            await InstanceAsync(context, file);
        else
            context.Response.StatusCode = 404;
    }

    /// <summary>Answers with an instance, as the one part of a multipart answer.</summary>
    public static async Task InstanceAsync(HttpContext context, byte[] file)
    {
        context.Response.ContentType = "multipart/related; type=\"application/dicom\"; boundary=BOUND";
        await context.Response.Body.WriteAsync(
            (byte[])[.. "--BOUND\r\nContent-Type: application/dicom\r\n\r\n"u8, .. file, .. "\r\n--BOUND--\r\n"u8]);
    }

    private async Task QidoAsync(HttpContext context)
    {
        var limit = int.Parse(context.Request.Query["limit"]!, CultureInfo.InvariantCulture);
        var offset = IgnoresOffset || !context.Request.Query.TryGetValue("offset", out var text)
            ? 0
            : (int)Math.Min(long.Parse(text!, CultureInfo.InvariantCulture), int.MaxValue);
        var level = FindsParentsOnce ? context.Request.Path.Value!.Split('/')[^1] : "";
        var rows = Rows.Where(row => Matches(row, context.Request.Query))
            .DistinctBy(row => Key(row, level) ?? new object())
            .Skip(offset)
            .Take(Math.Min(limit, PageCap ?? int.MaxValue))
            .ToList();
        if (rows.Count == 0)
            context.Response.StatusCode = 204;
        else
            await JsonAsync(context, $"[{string.Join(',', rows)}]");
    }

    private static object? Key(string row, string level)
    {
        var (study, series, _) = DicomJsonUids.Read(Encoding.UTF8.GetBytes(row));
        return level switch { "studies" => study, "series" => $"{study}/{series}", _ => null };
    }

    private static bool Matches(string row, IQueryCollection query)
    {
        var (study, series, instance) = DicomJsonUids.Read(Encoding.UTF8.GetBytes(row));
        return Is("StudyInstanceUID", study) && Is("SeriesInstanceUID", series) && Is("SOPInstanceUID", instance);

        bool Is(string key, string? uid) => !query.TryGetValue(key, out var wanted)
            || wanted.ToString() is var text && (text.Contains('*', StringComparison.Ordinal) || text == uid);
    }

    private async Task StowAsync(HttpContext context)
    {
        var transaction = await ReadAsync(context);
        Transactions.Enqueue(transaction);
        if (await OnStow(context, transaction))
            return;
        List<string> stored = [], failed = [];
        foreach (var file in transaction.Files)
        {
            var uid = Part10Header.Read(file, isWhole: true).Header?.SopInstanceUid;
            if (uid is null)
                failed.Add(StowAnswer.Failed("", 0xC000));
            else if (Stored.GetOrAdd(uid, file).AsSpan().SequenceEqual(file))
                stored.Add(StowAnswer.Stored(uid));
            else
                failed.Add(StowAnswer.Failed(uid, 0x0110, "already exists"));
        }

        await JsonAsync(context, StowAnswer.Of(stored, failed), failed.Count > 0 ? 409 : 200);
    }

    private static async Task<StowTransactionSeen> ReadAsync(HttpContext context)
    {
        var type = MediaTypeHeaderValue.Parse(context.Request.ContentType);
        List<byte[]> files = [];
        if (type.MediaType == "application/dicom")
        {
            files.Add(await AllAsync(context.Request.Body));
        }
        else
        {
            var reader = new MultipartReader(HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), context.Request.Body);
            while (await reader.ReadNextSectionAsync() is { } part)
            {
                if (part.ContentType != "application/dicom")
                    throw new InvalidDataException("A part is not application/dicom.");
                files.Add(await AllAsync(part.Body));
            }
        }

        return new StowTransactionSeen(type.ToString(), context.Request.ContentLength, files);
    }

    private static async Task<byte[]> AllAsync(Stream stream)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}

/// <summary>A store transaction as the server saw it.</summary>
internal sealed record StowTransactionSeen(string ContentType, long? ContentLength, IReadOnlyList<byte[]> Files)
{
    public bool IsMultipart => ContentType.StartsWith("multipart/related", StringComparison.Ordinal);

    public string[] Hashes => [.. Files.Select(file => Convert.ToHexString(SHA256.HashData(file)))];
}
