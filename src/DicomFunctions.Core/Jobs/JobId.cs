using System.Buffers;
using System.Globalization;

namespace DicomFunctions.Core.Jobs;

/// <summary>
/// Ids of jobs: <c>20261122-081653-k3f9x2</c>, the UTC time of acceptance and six random characters. They sort by time, tell their day,
/// and are safe in a URL, a blob name and a file name.
/// </summary>
public static class JobId
{
    private const int Length = 22;
    private const int RandomLength = 6;
    private const string TimeFormat = "yyyyMMdd-HHmmss";
    private const string Alphabet = "0123456789abcdefghijkmnpqrstuvwxyz";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>Makes an id for a job accepted now.</summary>
    public static string Create(DateTimeOffset now, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd-HHmmss}-{random.GetString(Alphabet, RandomLength)}");
    }

    /// <summary>Makes an id of a moment alone, the same again for the same: for one who makes jobs one after the other.</summary>
    public static string Create(DateTimeOffset moment)
    {
        Span<char> suffix = stackalloc char[RandomLength];
        var number = moment.UtcTicks % TimeSpan.TicksPerSecond;
        for (var i = suffix.Length - 1; i >= 0; i--, number /= Alphabet.Length)
            suffix[i] = Alphabet[(int)(number % Alphabet.Length)];
        return string.Create(CultureInfo.InvariantCulture, $"{moment.UtcDateTime:yyyyMMdd-HHmmss}-{suffix}");
    }

    /// <summary>Whether this is an id that was made here.</summary>
    public static bool IsValid(ReadOnlySpan<char> id) =>
        id.Length == Length
        && id[15] == '-'
        && !id[16..].ContainsAnyExcept(Characters)
        && DateTime.TryParseExact(id[..15], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>The day a job was accepted, <c>yyyyMMdd</c>.</summary>
    public static string Day(string id) => id[..8];

    /// <summary>When a job was accepted, to the second, of an id that is valid.</summary>
    public static DateTimeOffset Time(string id) =>
        DateTimeOffset.ParseExact(id.AsSpan(0, 15), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
