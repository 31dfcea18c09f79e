using System.Text;

namespace PeakS3Feed.Sources;

/// <summary>
/// A pattern of keys relative to a feed's path. Case-sensitive. <c>*</c> and <c>?</c> do not match a slash, <c>**</c> does, <c>**/</c> also matches
/// no folder at all, <c>[a-z]</c> and <c>[!a-z]</c> match one character of a class. Brackets also quote a special character: <c>[*]</c>.
/// </summary>
public sealed class Glob
{
    /// <summary>The maximum length of a pattern, in bytes of UTF-8. S3 has no longer key.</summary>
    public const int MaxBytes = 1024;

    private readonly GlobToken[] _tokens;

    /// <summary>Parses a pattern.</summary>
    /// <exception cref="Errors.FeedException"><c>GlobInvalid</c>.</exception>
    public Glob(string pattern)
    {
        Pattern = pattern;
        _tokens = [.. Read(pattern)];
    }

    /// <summary>The pattern as text.</summary>
    public string Pattern { get; }

    /// <summary>Returns whether a key, relative to the feed's path, matches.</summary>
    public bool IsMatch(ReadOnlySpan<char> relativeKey)
    {
        var (token, at) = (0, 0);

        // Backtracks only to the last star of each kind. Whatever an earlier star could reach, the last one reaches too: single stars between
        // two slashes share one name, and ** reaches everything after it.
        var star = new Retry();
        var folders = new Retry();
        while (token < _tokens.Length || at < relativeKey.Length)
        {
            if (token < _tokens.Length)
            {
                var now = _tokens[token];
                if (now.IsMany)
                {
                    token++;
                    if (now.Kind == GlobTokenKind.Name)
                        star = new(token, at, now.Kind);
                    else
                        (star, folders) = (default, new(token, at, now.Kind));
                    continue;
                }
                if (now.Match(relativeKey[at..]) is > 0 and var length)
                {
                    (token, at) = (token + 1, at + length);
                    continue;
                }
            }
            if (!star.TryMore(relativeKey))
            {
                star = default;
                if (!folders.TryMore(relativeKey))
                    return false;
                (token, at) = (folders.Token, folders.At);
                continue;
            }
            (token, at) = (star.Token, star.At);
        }
        return true;
    }

    /// <summary>Returns the pattern that matches only this key.</summary>
    public static string Literal(string relativeKey)
    {
        ArgumentNullException.ThrowIfNull(relativeKey);
        return string.Concat(relativeKey.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()));
    }

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    private static List<GlobToken> Read(string pattern)
    {
        if (pattern.Length == 0)
            throw SourceErrors.GlobInvalid(pattern, "it is empty");
        if (Encoding.UTF8.GetByteCount(pattern) is > MaxBytes and var bytes)
            throw SourceErrors.GlobTooLong(pattern, bytes);
        var tokens = new List<GlobToken>();
        for (var at = 0; at < pattern.Length;)
        {
            switch (pattern[at])
            {
                case '*':
                    at += Star(pattern, at, tokens);
                    break;
                case '?':
                    tokens.Add(GlobToken.Any);
                    at++;
                    break;
                case '[':
                    at += GlobClass.Read(pattern, at, tokens);
                    break;
                default:
                    tokens.Add(GlobToken.From(pattern[at]));
                    at++;
                    break;
            }
        }
        return tokens;
    }

    private static int Star(string pattern, int at, List<GlobToken> tokens)
    {
        var end = at;
        while (end < pattern.Length && pattern[end] == '*')
            end++;
        if (end - at == 1)
        {
            tokens.Add(GlobToken.Name);
            return 1;
        }
        var wholeFolders = (at == 0 || pattern[at - 1] == '/') && end < pattern.Length && pattern[end] == '/';
        tokens.Add(wholeFolders ? GlobToken.Folders : GlobToken.Everything);
        return end - at + (wholeFolders ? 1 : 0);
    }

    /// <summary>A star to backtrack to, and the position where matching continues.</summary>
    private struct Retry(int token, int at, GlobTokenKind kind)
    {
        private readonly bool _set = true;

        public readonly int Token => token;

        public int At { get; private set; } = at;

        public bool TryMore(ReadOnlySpan<char> key)
        {
            if (!_set || At >= key.Length)
                return false;
            switch (kind)
            {
                case GlobTokenKind.Name when key[At] == '/':
                    return false;
                case GlobTokenKind.Folders:
                    var slash = key[At..].IndexOf('/');
                    At += slash + 1;
                    return slash >= 0;
                default:
                    At++;
                    return true;
            }
        }
    }
}
