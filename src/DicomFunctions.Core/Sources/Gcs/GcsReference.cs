using System.Buffers;
using System.Text;
using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>A bucket of Cloud Storage and an object, a pattern of objects, or a prefix in it.</summary>
internal readonly record struct GcsReference(string Bucket, string Name)
{
    private const string Scheme = "gs";

    /// <summary>How Beam's documentation writes <see cref="Scheme"/>.</summary>
    private const string BeamScheme = "gcs";

    private const int MaxBucketLength = 222;
    private const int MaxNameBytes = 1024;

    private static readonly SearchValues<char> BucketCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    public override string ToString() => $"{Scheme}://{Bucket}/{Name}";

    /// <summary>Whether a reference names Cloud Storage.</summary>
    public static bool Is(ReadOnlySpan<char> reference) => SourceScheme.Is(reference, Scheme) || SourceScheme.Is(reference, BeamScheme);

    /// <summary>Parses <c>gs://bucket/name</c>, or returns what is wrong with it.</summary>
    public static SourceProblem? Parse(string reference, out GcsReference parsed)
    {
        parsed = default;
        var text = reference.AsSpan(SourceScheme.Of(reference).Length + 1);
        if (!text.StartsWith("//", StringComparison.Ordinal) || text[2..].IndexOf('/') is var slash && slash < 0)
            return new(FailureCode.BadReference, "A Cloud Storage source is named gs://bucket/name.");
        text = text[2..];
        var bucket = text[..slash];
        var name = text[(slash + 1)..];
        if (bucket.IsEmpty || bucket.Length > MaxBucketLength || bucket.ContainsAnyExcept(BucketCharacters) || bucket[0] == '.')
            return new(FailureCode.BadReference, "A bucket's name has lower-case letters, digits, '.', '_' and '-' only.");
        if (name is "." or ".." || name.ContainsAny('\r', '\n') || name.Contains('\0') || Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
            return new(FailureCode.BadReference, "An object's name has at most 1,024 bytes, no line break, and is not '.' or '..'.");
        parsed = new(bucket.ToString(), name.ToString());
        return null;
    }
}
