using System.Buffers;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>The headers of a part (RFC 822 §3), of which only its content type matters.</summary>
internal struct PartHeaders
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create(
        [.. Enumerable.Range(0, 256).Select(code => (char)code).Where(c => c is <= ' ' or ':' or >= '\x7F')]);

    private bool _hasAny;
    private bool _isInContentType;

    /// <summary>Null if there is none.</summary>
    public string? ContentType { get; private set; }

    /// <summary>Adds a line; false if it is none of a header.</summary>
    public bool TryAdd(string line)
    {
        if (line[0] is ' ' or '\t')
        {
            if (_isInContentType)
                ContentType += line;
            return _hasAny;
        }

        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = line.AsSpan(0, Math.Max(colon, 0)).TrimEnd(" \t");
        if (name.IsEmpty || name.ContainsAny(NotInNames))
            return false;
        _hasAny = true;
        _isInContentType = ContentType is null && name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase);
        if (_isInContentType)
            ContentType = line[(colon + 1)..];
        return true;
    }
}
