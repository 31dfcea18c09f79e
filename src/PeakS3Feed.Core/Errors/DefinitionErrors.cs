using PeakS3Feed.Remedies;

namespace PeakS3Feed.Errors;

/// <summary>
/// The errors that all kinds of definitions share. Kinds are <c>Connection</c>, <c>Destination</c>, <c>Feed</c>, <c>Trigger</c> and <c>Watcher</c>.
/// </summary>
internal static class DefinitionErrors
{
    private const int MaxNames = 20;

    /// <summary>The definition violates rules. The message has the first problem and the number of the others.</summary>
    public static FeedException Invalid(string kind, string name, IReadOnlyList<DefinitionProblem> problems) => new(
        $"{kind}Invalid", FeedErrorCategory.InvalidArgument,
        $"The {Word(kind)} \"{name}\" is not valid. {problems[0].Message}{More(problems.Count - 1)}")
    {
        Target = name,
        Hint = problems[0].Hint,
    };

    /// <summary>A feed names destinations that one feed cannot load.</summary>
    /// <param name="feedName">The feed.</param>
    /// <param name="destinations">Its destinations.</param>
    /// <param name="reason">The reason of one of the kinds, or null.</param>
    /// <param name="alternative">What that kind suggests instead, or null.</param>
    public static FeedException DestinationsDoNotCombine(
        string feedName, IReadOnlyList<(string Name, string Kind)> destinations, string? reason = null, string? alternative = null)
        => new("DestinationsDoNotCombine", FeedErrorCategory.InvalidArgument,
            $"Feed {feedName} cannot load into {string.Join(" and ", destinations.Select(d => $"{d.Name} ({d.Kind})"))} together."
                + (reason is null ? "" : $" {reason}"))
        {
            Target = feedName,
            Hint = alternative
                ?? "One feed can load a database and a table of files beside it. For any other combination, create a feed for each destination.",
            Remedies = [.. destinations.Select(d => Remedy.SetFeed(feedName, "DestinationName", d.Name, "destinationNames"))],
        };

    /// <summary>No definition of this kind has that name.</summary>
    public static FeedException NotFound(string kind, string name, IEnumerable<string> known)
        => NotFound(kind, name, known, $"There is no {Word(kind)} named {name} in this store.");

    /// <summary>A definition refers to another one that does not exist.</summary>
    public static FeedException NamedNotFound(string kind, string name, IEnumerable<string> known, string namingKind, string naming)
        => NotFound(kind, name, known, $"The {Word(namingKind)} \"{naming}\" names the {Word(kind)} \"{name}\", which does not exist.");

    /// <summary>Returns a note on the number of problems that are not shown.</summary>
    public static string More(int count) => count switch { 0 => "", 1 => " (And 1 more problem.)", _ => $" (And {count} more problems.)" };

    /// <summary>Returns the kind as a word in a sentence.</summary>
    public static string Word(string kind) => char.ToLowerInvariant(kind[0]) + kind[1..];

    private static FeedException NotFound(string kind, string name, IEnumerable<string> known, string message)
    {
        var names = known.Order(StringComparer.OrdinalIgnoreCase).ToList();
        return new FeedException($"{kind}NotFound", FeedErrorCategory.ObjectNotFound, message)
        {
            Target = name,
            Hint = names.Count == 0 ? $"The store has no {Word(kind)} yet."
                : $"It has {string.Join(", ", names.Take(MaxNames))}{(names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "")}.",
        };
    }
}

/// <summary>One problem of a definition.</summary>
/// <param name="Field">The property at fault, by its name in the definition.</param>
/// <param name="Message">The problem, in one sentence.</param>
/// <param name="Hint">How to fix it, in one sentence, or null.</param>
public sealed record DefinitionProblem(string Field, string Message, string? Hint = null);
