using System.Buffers;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>What a person has typed of a value, and how values are written in its place.</summary>
internal sealed class CompletionText
{
    // Characters that mean nothing to PowerShell in a bare word.
    private const string Harmless = "_.-";
    private static readonly SearchValues<char> MeaningInDoubleQuotes = SearchValues.Create("`$\"\u201C\u201D\u201E");
    private readonly char? _quote;
    private readonly string _typed;

    /// <summary>Reads what stands before the cursor, with the quotes around it.</summary>
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

    /// <summary>Whether a value begins as typed, in any case, or fits what was typed as a pattern.</summary>
    public bool Fits(string value)
        => value.StartsWith(_typed, StringComparison.OrdinalIgnoreCase) || (WildcardPattern.ContainsWildcardCharacters(_typed) && FitsPattern(value));

    /// <summary>The value as it has to be written: bare where that is enough and no quote was typed.</summary>
    public string Write(string value)
    {
        if (_quote == '"' && value.AsSpan().IndexOfAny(MeaningInDoubleQuotes) < 0)
            return $"\"{value}\"";
        return _quote is null && IsBare(value) ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
    }

    private bool FitsPattern(string value)
    {
        try
        {
            return WildcardPattern.Get(_typed + "*", WildcardOptions.IgnoreCase).IsMatch(value);
        }
        catch (WildcardPatternException)
        {
            // A bracket that is not closed yet, or is a part of the value.
            return false;
        }
    }

    private static bool IsBare(string value)
        => value.Length > 0 && char.IsAsciiLetter(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || Harmless.Contains(c, StringComparison.Ordinal));
}
