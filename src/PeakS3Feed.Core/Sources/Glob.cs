using System.Text;
using System.Text.RegularExpressions;

namespace PeakS3Feed.Sources;

/// <summary>
/// A pattern of keys relative to a feed's path, case-sensitive: <c>*</c> and <c>?</c> stop at a slash, <c>**</c> does not,
/// <c>**/</c> also stands for no folder at all, <c>[a-z]</c> and <c>[!a-z]</c> are one character out of a class.
/// A character with a meaning is taken literally in brackets: <c>[*]</c>.
/// </summary>
public sealed class Glob
{
    private readonly Regex _regex;

    /// <summary>Compiles a pattern; throws with id <c>GlobInvalid</c>.</summary>
    public Glob(string pattern)
    {
        Pattern = pattern;
        try
        {
            _regex = new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
        catch (ArgumentException e)
        {
            throw SourceErrors.GlobInvalid(pattern, "a class of characters in it is turned round", e);
        }
    }

    /// <summary>As it was written.</summary>
    public string Pattern { get; }

    /// <summary>Whether a key, relative to the feed's path, matches.</summary>
    public bool IsMatch(ReadOnlySpan<char> relativeKey) => _regex.IsMatch(relativeKey);

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    private static string Translate(string pattern)
    {
        if (pattern.Length == 0)
            throw SourceErrors.GlobInvalid(pattern, "it is empty");
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*':
                    i = Star(pattern, i, regex);
                    break;
                case '?':
                    // One character of a key may be two of .NET's.
                    regex.Append(@"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[^/])");
                    break;
                case '[':
                    i = Class(pattern, i, regex);
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }
        return regex.Append(@"\z").ToString();
    }

    private static int Star(string pattern, int at, StringBuilder regex)
    {
        var end = at;
        while (end + 1 < pattern.Length && pattern[end + 1] == '*')
            end++;
        if (end == at)
        {
            regex.Append("[^/]*");
            return at;
        }
        var wholeFolders = (at == 0 || pattern[at - 1] == '/') && end + 1 < pattern.Length && pattern[end + 1] == '/';
        regex.Append(wholeFolders ? "(?:.*/)?" : ".*");
        return wholeFolders ? end + 1 : end;
    }

    private static int Class(string pattern, int at, StringBuilder regex)
    {
        var first = at + 1;
        var negated = first < pattern.Length && pattern[first] is '!' or '^';
        if (negated)
            first++;

        // A closing bracket in the first place belongs to the class.
        var end = first < pattern.Length ? pattern.IndexOf(']', first + 1) : -1;
        if (end < 0)
            throw SourceErrors.GlobInvalid(pattern, "a bracket is not closed");
        regex.Append(negated ? "[^/" : "[");
        foreach (var c in pattern.AsSpan(first, end - first))
            regex.Append(c is '\\' or ']' or '[' or '^' ? "\\" : "").Append(c);
        regex.Append(negated ? "]" : "-[/]]");
        return end;
    }
}
