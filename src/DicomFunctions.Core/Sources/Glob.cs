using System.Buffers;

namespace DicomFunctions.Core.Sources;

/// <summary>
/// A pattern of names with <c>/</c> as separator: <c>*</c> matches any run within a segment, <c>?</c> one character of a segment,
/// <c>**</c> any run including slashes, and <c>**/</c> at the start of a segment any number of folders. A trailing <c>/</c> matches
/// everything below. All other characters match themselves, case-sensitively.
/// </summary>
/// <remarks>Matching never backtracks: its time is proportional to the length of the pattern times that of the name.</remarks>
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

    /// <summary>The literal text that every match starts with.</summary>
    public string Prefix { get; }

    /// <summary><see cref="Prefix"/> up to and including its last slash: every match is in or below this folder.</summary>
    public string Folder { get; }

    /// <summary>Whether every match is directly in <see cref="Folder"/>.</summary>
    public bool IsFlat { get; }

    /// <summary>Whether a text is a pattern: it has a wildcard or ends in a slash.</summary>
    public static bool IsPattern(ReadOnlySpan<char> text) => text.ContainsAny(Wildcards) || text.EndsWith('/');

    /// <summary>Whether anything below <paramref name="folder"/> (without a trailing slash) may match.</summary>
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
