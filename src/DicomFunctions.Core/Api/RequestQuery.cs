using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>The parameters of a request's query.</summary>
internal static class RequestQuery
{
    /// <summary>The parameter of the Functions host for the key of a request, besides its header.</summary>
    public const string Key = "code";

    private const int MaxLength = 64;

    /// <summary>
    /// Refuses a parameter that the operation does not have: it may be a typo, and ignoring it would answer another question.
    /// </summary>
    /// <exception cref="BadRequestException">There is such a parameter.</exception>
    public static void Allow(HttpRequest request, params ReadOnlySpan<string> parameters)
    {
        foreach (var key in request.Query.Keys)
        {
            if (key != Key && !parameters.Contains(key))
                throw Unknown(key);
        }
    }

    /// <summary>The query that passes the key of a request on; empty without one.</summary>
    public static QueryString KeyOf(HttpRequest request) =>
        request.Query.TryGetValue(Key, out var key) ? QueryString.Create(Key, key.ToString()) : default;

    /// <summary>A whole number; null if it is not given.</summary>
    /// <exception cref="BadRequestException">It is not a number, or too small.</exception>
    public static long? Number(HttpRequest request, string key, long least)
    {
        if ((string?)request.Query[key] is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new BadRequestException($"{key} must be a whole number from {least}.", key);
    }

    /// <summary>True or false; null if it is not given.</summary>
    /// <exception cref="BadRequestException">It is something else.</exception>
    public static bool? Flag(HttpRequest request, string key) => (string?)request.Query[key] switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw new BadRequestException($"{key} must be true or false.", key),
    };

    /// <summary>The error for a parameter that the operation does not have.</summary>
    public static BadRequestException Unknown(string key)
    {
        var cut = key.Length <= MaxLength ? key : string.Concat(key.AsSpan(0, MaxLength), "…");
        return new BadRequestException($"Unknown query parameter '{cut}'.", cut);
    }
}
