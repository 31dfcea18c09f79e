namespace PeakS3Feed.Errors;

/// <summary>The rules for the names of definitions.</summary>
public static class NameRules
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public const int MaxLength = 50;

    /// <summary>
    /// Checks a name: ASCII letters, digits and underscores, starting with a letter, not ending with an underscore, with at most
    /// <see cref="MaxLength"/> characters.
    /// </summary>
    /// <returns>The first problem, or null when the name is valid.</returns>
    public static DefinitionProblem? Check(string? name, string field = "Name")
    {
        if (string.IsNullOrEmpty(name)) return new(field, "The name is missing.");
        if (name.Length > MaxLength) return new(field, $"The name has {name.Length} characters; at most {MaxLength} are allowed.");
        if (!char.IsAsciiLetter(name[0])) return new(field, $"The name \"{name}\" does not start with a letter.");
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'))
            return new(field, $"The name \"{name}\" has characters other than letters, digits and underscores.", $"Try {Suggest(name)}.");
        return name[^1] == '_' ? new(field, $"The name \"{name}\" ends with an underscore.") : null;
    }

    private static string Suggest(string name)
        => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')).TrimEnd('_');
}
