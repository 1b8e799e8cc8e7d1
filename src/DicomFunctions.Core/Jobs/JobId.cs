using System.Buffers;
using System.Globalization;

namespace DicomFunctions.Core.Jobs;

/// <summary>
/// Job ids: <c>20261122-081653-k3f9x2</c>, the UTC time of acceptance and six characters, of which two encode the millisecond and four are
/// random. Ids sort by time, contain their day, and are safe in a URL, a blob name and a file name.
/// </summary>
internal static class JobId
{
    private const int Length = 22;
    private const int SuffixLength = 6;
    private const int RandomLength = 4;
    private const string TimeFormat = "yyyyMMdd-HHmmss";
    private const string Alphabet = "0123456789abcdefghijkmnpqrstuvwxyz";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>Creates an id for a job accepted now.</summary>
    public static string Create(DateTimeOffset now, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return string.Concat(Create(now).AsSpan(0, Length - RandomLength), random.GetString(Alphabet, RandomLength));
    }

    /// <summary>
    /// Creates the id of a moment, always the same for the same moment: for a workflow that creates its jobs one after another.
    /// </summary>
    public static string Create(DateTimeOffset moment)
    {
        // The fraction of the second, scaled to the number of possible suffixes.
        var number = (
            long)((Int128)(moment.UtcTicks % TimeSpan.TicksPerSecond) * (long)Math.Pow(
                Alphabet.Length, SuffixLength) / TimeSpan.TicksPerSecond);
        Span<char> suffix = stackalloc char[SuffixLength];
        for (var i = suffix.Length - 1; i >= 0; i--, number /= Alphabet.Length)
            suffix[i] = Alphabet[(int)(number % Alphabet.Length)];
        return string.Create(CultureInfo.InvariantCulture, $"{moment.UtcDateTime:yyyyMMdd-HHmmss}-{suffix}");
    }

    /// <summary>Whether the text has the form of a job id.</summary>
    public static bool IsValid(ReadOnlySpan<char> id) =>
        id.Length == Length
        && id[15] == '-'
        && !id[16..].ContainsAnyExcept(Characters)
        && DateTime.TryParseExact(id[..15], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>The day a job was accepted, <c>yyyyMMdd</c>.</summary>
    public static string Day(string id) => id[..8];

    /// <summary>When a job was accepted, to the second. The id must be valid.</summary>
    public static DateTimeOffset Time(string id) =>
        DateTimeOffset.ParseExact(id.AsSpan(0, 15), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
