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

    /// <summary>Whether this is an id <see cref="Create"/> could have made.</summary>
    public static bool IsValid(ReadOnlySpan<char> id) =>
        id.Length == Length
        && id[15] == '-'
        && !id[16..].ContainsAnyExcept(Characters)
        && DateTime.TryParseExact(id[..15], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>The day a job was accepted, <c>yyyyMMdd</c>.</summary>
    public static string Day(string id) => id[..8];
}
