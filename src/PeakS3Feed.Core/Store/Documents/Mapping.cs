using PeakS3Feed.Errors;

namespace PeakS3Feed.Store.Documents;

/// <summary>What the mappings share: a default is null in a document, and the other way round.</summary>
internal static class Mapping
{
    public static string Required(string? value, string field, List<DefinitionProblem> problems)
    {
        if (!string.IsNullOrWhiteSpace(value)) return value;
        problems.Add(new(field, $"{char.ToLowerInvariant(field[0])}{field[1..]} is missing."));
        return "";
    }

    public static string? Unless(string? value, string? standard) => string.Equals(value, standard, StringComparison.Ordinal) ? null : value;

    public static T? UnlessValue<T>(T value, T standard)
        where T : struct
        => EqualityComparer<T>.Default.Equals(value, standard) ? null : value;

    public static List<string>? UnlessEmpty(IReadOnlyList<string> values) => values.Count == 0 ? null : [.. values];
}
