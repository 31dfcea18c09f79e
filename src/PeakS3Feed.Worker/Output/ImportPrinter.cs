using PeakS3Feed.Store;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints the outcome of an import.</summary>
internal static class ImportPrinter
{
    public static void Print(Screen screen, ErrorPrinter commands, IReadOnlyList<ImportChange> changes)
    {
        if (changes.Count == 0)
            screen.Line("The document defines nothing.");
        foreach (var change in changes)
        {
            screen.Line($"{change.Outcome.ToString().ToLowerInvariant(),-9}  {change.Kind,-11}  {change.Name}");
            if (change.OutdatesPolicy)
                PolicyPrinter.PrintOutdated(screen, commands, change.Name);
        }
    }

    public static void Print(Screen screen, string source, IReadOnlyList<ImportProblem> problems)
    {
        screen.Line($"error: {source} was not imported because it has {Quantities.Count(problems.Count, "problem")}; nothing changed.", Styles.Error);
        foreach (var problem in problems)
            screen.Line($"{problem}{(problem.Hint is { } hint ? " " + hint : "")}", indent: 2);
    }
}
