using System.Buffers;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>The part of a value that a person has typed, and the text that replaces it.</summary>
internal sealed class CompletionText
{
    // Characters without a special meaning in a bare word of PowerShell.
    private const string Harmless = "_.-";
    private static readonly SearchValues<char> MeaningInDoubleQuotes = SearchValues.Create("`$\"\u201C\u201D\u201E");
    private readonly char? _quote;
    private readonly string _typed;

    /// <summary>Reads the text before the cursor, with the quotes around it.</summary>
    public CompletionText(string? word)
    {
        _typed = word ?? "";
        if (_typed is not ['\'' or '"', ..])
            return;
        _quote = _typed[0];
        _typed = _typed.Length > 1 && _typed[^1] == _quote ? _typed[1..^1] : _typed[1..];
        if (_quote == '\'')
            _typed = _typed.Replace("''", "'", StringComparison.Ordinal);
    }

    /// <summary>The typed part, without quotes.</summary>
    public string Typed => _typed;

    /// <summary>Whether a value begins with the typed text, in any case, or matches it as a pattern.</summary>
    public bool Matches(string value)
        => value.StartsWith(_typed, StringComparison.OrdinalIgnoreCase)
            || (WildcardPattern.ContainsWildcardCharacters(_typed) && MatchesPattern(value));

    /// <summary>Returns the value in the quotes that PowerShell needs: bare if that suffices and no quote was typed.</summary>
    public string Write(string value)
    {
        if (_quote == '"' && value.AsSpan().IndexOfAny(MeaningInDoubleQuotes) < 0)
            return $"\"{value}\"";
        return _quote is null && IsBare(value) ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
    }

    private bool MatchesPattern(string value)
    {
        try
        {
            return WildcardPattern.Get(_typed + "*", WildcardOptions.IgnoreCase).IsMatch(value);
        }
        catch (WildcardPatternException)
        {
            // An open bracket: the pattern is incomplete, or the bracket is part of the value.
            return false;
        }
    }

    private static bool IsBare(string value)
        => value.Length > 0 && char.IsAsciiLetter(value[0])
            && value.All(c => char.IsAsciiLetterOrDigit(c) || Harmless.Contains(c, StringComparison.Ordinal));
}
