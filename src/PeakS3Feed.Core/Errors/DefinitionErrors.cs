using PeakS3Feed.Remedies;

namespace PeakS3Feed.Errors;

/// <summary>
/// The errors that all kinds of definitions share. Kinds are <c>Connection</c>, <c>Destination</c>, <c>Feed</c>, <c>Trigger</c> and <c>Watcher</c>.
/// </summary>
internal static class DefinitionErrors
{
    private const int MaxProblems = 20;

    /// <summary>The definition violates rules. The message has all problems.</summary>
    /// <param name="kind">The kind of the definition.</param>
    /// <param name="name">Its name; null for settings that are given before there is a definition.</param>
    /// <param name="problems">The problems; at least one.</param>
    public static FeedException Invalid(string kind, string? name, IReadOnlyList<DefinitionProblem> problems)
    {
        List<(string, string?)> list = [.. problems.Select(p => (p.Message, p.Hint))];
        var clause = name is null ? "The settings are not valid" : $"The {Word(kind)} \"{name}\" is not valid";
        return new($"{kind}Invalid", FeedErrorCategory.InvalidArgument, Describe(clause, '.', list))
        {
            Target = name,
            Hint = HintOf(list),
        };
    }

    /// <summary>Returns a message with all problems, or the first 20. If there are several, each has its hint.</summary>
    /// <param name="clause">What was refused, without a mark at the end.</param>
    /// <param name="mark">The mark between it and a single problem.</param>
    /// <param name="problems">The problems; at least one.</param>
    public static string Describe(string clause, char mark, IReadOnlyList<(string Message, string? Hint)> problems)
    {
        if (problems.Count == 1)
            return $"{clause}{mark} {problems[0].Message}";
        var shown = problems.Take(MaxProblems).Select((p, i) => $"({i + 1}) {p.Message}{(p.Hint is null ? "" : " " + p.Hint)}");
        var more = problems.Count > MaxProblems ? $" And {problems.Count - MaxProblems} more." : "";
        return $"{clause}. It has {problems.Count} problems. {string.Join(" ", shown)}{more}";
    }

    /// <summary>Returns the hint of the only problem; null if there are several, whose hints are in the message.</summary>
    public static string? HintOf(IReadOnlyList<(string Message, string? Hint)> problems) => problems.Count == 1 ? problems[0].Hint : null;

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

    /// <summary>Returns the kind as a word in a sentence.</summary>
    public static string Word(string kind) => char.ToLowerInvariant(kind[0]) + kind[1..];

    private static FeedException NotFound(string kind, string name, IEnumerable<string> known, string message)
        => new($"{kind}NotFound", FeedErrorCategory.ObjectNotFound, message)
        {
            Target = name,
            Hint = KnownNames.Hint(name, known, none: $"The store has no {Word(kind)} yet."),
        };
}

/// <summary>One problem of a definition.</summary>
/// <param name="Field">The property at fault, by its name in the definition.</param>
/// <param name="Message">The problem, in one sentence.</param>
/// <param name="Hint">How to fix it, in one sentence, or null.</param>
public sealed record DefinitionProblem(string Field, string Message, string? Hint = null);
