using System.Diagnostics.CodeAnalysis;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// The names of a definition. As in Snowflake's SQL, a name is folded to upper case, unless it is written in double quotes, with quotes inside
/// doubled.
/// </summary>
internal static class SnowflakeIdentifier
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public const int MaxLength = 255;

    /// <summary>Folds a name to upper case. Only the letters a to z change, as in Snowflake.</summary>
    public static string Fold(string name) => string.Create(name.Length, name, static (folded, name) =>
    {
        for (var i = 0; i < folded.Length; i++)
            folded[i] = char.IsAsciiLetterLower(name[i]) ? char.ToUpperInvariant(name[i]) : name[i];
    });

    /// <summary>Returns the name as the catalog has it: folded, or what the quotes contain.</summary>
    /// <param name="written">The name as the definition has it. One that breaks the rules is folded as a whole.</param>
    public static string Read(string written) => ReadPath(written) is [var only] ? only : Fold(written);

    /// <summary>Returns the names of a path as the catalog has them, for example those of <c>sales."Load".STAGE</c>.</summary>
    /// <param name="written">One to three names with dots between them. A path that breaks the rules is folded as a whole.</param>
    public static IReadOnlyList<string> ReadPath(string written) => TryReadPath(written, out var names) ? names : [Fold(written)];

    /// <summary>Returns a name for SQL: in double quotes.</summary>
    /// <param name="written">The name as the definition has it.</param>
    public static string Quote(string written) => SqlIdentifier.Quote(Read(written));

    /// <summary>Checks a name; null is allowed.</summary>
    /// <param name="written">The name as the definition has it.</param>
    /// <param name="field">The setting.</param>
    /// <param name="what">What is named: <c>database</c>.</param>
    public static DefinitionProblem? Check(string? written, string field, string what)
    {
        if (written is null) return null;
        if (string.IsNullOrWhiteSpace(written)) return new(field, $"The name of the {what} is blank.");
        return TryReadPath(written, out var names)
            ? names.Count == 1 ? CheckLength(names, field) : NotOneName(written, field, what)
            : NotAName(written, field, what);
    }

    /// <summary>Checks a path of one to three names.</summary>
    /// <param name="written">The path as the definition has it.</param>
    /// <param name="field">The setting.</param>
    /// <param name="what">What is named: <c>stage</c>.</param>
    public static DefinitionProblem? CheckPath(string? written, string field, string what)
    {
        if (string.IsNullOrWhiteSpace(written)) return new(field, $"The name of the {what} is blank.");
        if (!TryReadPath(written, out var names)) return NotAName(written, field, what);
        return names.Count <= 3
            ? CheckLength(names, field)
            : new(field, $"\"{written}\" has more than three names.", $"Write {what}, schema.{what} or database.schema.{what}.");
    }

    private static DefinitionProblem? CheckLength(IEnumerable<string> names, string field)
        => names.FirstOrDefault(n => n.Length > MaxLength) is { } name
            ? new(field, $"A name has {name.Length} characters.", $"Snowflake takes at most {MaxLength}.")
            : null;

    private static DefinitionProblem NotOneName(string written, string field, string what) => new(
        field, $"\"{written}\" is not one name, but several with dots between them.",
        $"Give only the name of the {what}. If the name contains a dot, write it in double quotes.");

    private static DefinitionProblem NotAName(string written, string field, string what) => new(
        field, $"\"{written}\" is not the name of a {what}.",
        "Write a name without spaces at its ends; or in double quotes, with quotes inside doubled, to keep it as it is.");

    private static bool TryReadPath(string written, [NotNullWhen(true)] out IReadOnlyList<string>? names)
    {
        var found = new List<string>();
        names = found;
        for (var rest = written.AsSpan(); ; rest = rest[1..])
        {
            var length = rest is ['"', ..] ? QuotedLength(rest) : rest.IndexOfAny('.', '"') is >= 0 and var end ? end : rest.Length;
            if (length <= 0)
                return false;
            var name = rest[0] == '"'
                ? rest[1..(length - 1)].ToString().Replace("\"\"", "\"", StringComparison.Ordinal)
                : Fold(rest[..length].ToString());
            if (name.Length == 0 || name.Any(char.IsControl) || (rest[0] != '"' && name != name.Trim()))
                return false;
            found.Add(name);
            rest = rest[length..];
            if (rest.IsEmpty)
                return true;
            if (rest[0] != '.')
                return false;
        }
    }

    // With both quotes; 0 if the second one is missing.
    private static int QuotedLength(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] != '"')
                continue;
            if (i + 1 == text.Length || text[i + 1] != '"')
                return i + 1;
            i++;
        }
        return 0;
    }
}
