using System.Buffers;

namespace DicomFunctions.Core.Sources;

/// <summary>
/// A pattern of names parted by <c>/</c>: <c>*</c> is any run within a segment, <c>?</c> one character of a segment, <c>**</c> any run,
/// slashes included, and <c>**/</c> at the start of a segment any folders or none. A trailing <c>/</c> is everything below.
/// Everything else stands for itself, case and all.
/// </summary>
/// <remarks>Matching takes time in proportion to pattern times name, whatever the pattern: no backtracking.</remarks>
internal sealed class Glob
{
    private const string Wildcards = "*?";

    private readonly List<Token> _tokens = [];
    private readonly int _slashes;
    private readonly bool _isDeep;

    public Glob(string pattern)
    {
        if (pattern.EndsWith('/'))
            pattern += "**";
        var first = pattern.AsSpan().IndexOfAny(Wildcards);
        var literal = first < 0 ? pattern.Length : first;
        Prefix = pattern[..literal];
        Folder = Prefix[..(Prefix.LastIndexOf('/') + 1)];
        _slashes = pattern.AsSpan().Count('/');
        for (var i = literal; i < pattern.Length;)
            _tokens.Add(ReadToken(pattern, ref i));
        _isDeep = _tokens.Exists(token => token.Kind is TokenKind.AnyPath or TokenKind.AnyFolders);
        IsFlat = !_isDeep && _slashes == Folder.AsSpan().Count('/');
    }

    private enum TokenKind
    {
        Literal,
        AnyCharacter,
        AnySegment,
        AnyPath,
        AnyFolders,
    }

    /// <summary>What every match begins with.</summary>
    public string Prefix { get; }

    /// <summary><see cref="Prefix"/> to its last slash, inclusive: where every match is, or below.</summary>
    public string Folder { get; }

    /// <summary>Every match is in <see cref="Folder"/> itself, not below.</summary>
    public bool IsFlat { get; }

    /// <summary>Tells whether a text is a pattern: has a wildcard, or ends in a slash.</summary>
    public static bool IsPattern(ReadOnlySpan<char> text) => text.ContainsAny(Wildcards) || text.EndsWith('/');

    /// <summary>Tells whether anything below <paramref name="folder"/> (no trailing slash) may match.</summary>
    public bool MayMatchBelow(ReadOnlySpan<char> folder) => _isDeep || folder.Count('/') < _slashes;

    public bool IsMatch(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        name = name[Prefix.Length..];
        const int onStack = 512;
        var rented = name.Length < onStack ? null : ArrayPool<bool>.Shared.Rent(name.Length + 1);
        var reached = rented is null ? stackalloc bool[onStack] : rented.AsSpan();
        reached = reached[..(name.Length + 1)];
        reached.Clear();

        // reached[i]: the tokens so far match the first i characters.
        reached[0] = true;
        foreach (var token in _tokens)
            Apply(token, name, reached);
        var isMatch = reached[^1];
        if (rented is not null)
            ArrayPool<bool>.Shared.Return(rented);
        return isMatch;
    }

    private static Token ReadToken(string pattern, ref int i)
    {
        var start = i;
        if (pattern[i] == '?')
        {
            i++;
            return new(TokenKind.AnyCharacter, default);
        }

        if (pattern[i] != '*')
            return new(TokenKind.Literal, pattern[i++]);
        while (i < pattern.Length && pattern[i] == '*')
            i++;
        if (i - start == 1)
            return new(TokenKind.AnySegment, default);
        if (i == pattern.Length || pattern[i] != '/' || (start > 0 && pattern[start - 1] != '/'))
            return new(TokenKind.AnyPath, default);
        i++;
        return new(TokenKind.AnyFolders, default);
    }

    private static void Apply(Token token, ReadOnlySpan<char> name, Span<bool> reached)
    {
        switch (token.Kind)
        {
            case TokenKind.AnySegment or TokenKind.AnyPath:
                for (var i = 0; i < name.Length; i++)
                    reached[i + 1] |= reached[i] && (name[i] != '/' || token.Kind == TokenKind.AnyPath);
                break;
            case TokenKind.AnyFolders:
                var any = false;
                for (var i = 0; i < name.Length; i++)
                {
                    any |= reached[i];
                    reached[i + 1] |= any && name[i] == '/';
                }

                break;
            default:
                for (var i = name.Length - 1; i >= 0; i--)
                    reached[i + 1] = reached[i] && (token.Kind == TokenKind.Literal ? name[i] == token.Character : name[i] != '/');
                reached[0] = false;
                break;
        }
    }

    private readonly record struct Token(TokenKind Kind, char Character);
}
