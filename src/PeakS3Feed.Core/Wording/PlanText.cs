using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;

namespace PeakS3Feed.Wording;

/// <summary>Describes what a run would do.</summary>
public static class PlanText
{
    private const int MaxObjects = 20;

    /// <summary>Returns which feed loads into which table.</summary>
    public static string Heading(FeedPlan plan) => $"{plan.Feed.Name}: {plan.Feed.LoadType} into \"{plan.Feed.TableName}\" in {plan.Destination}";

    /// <summary>Returns the counts, the first objects to load and to skip, and all statements.</summary>
    public static IEnumerable<PlanLine> Details(FeedPlan plan)
        => [new(Summary(plan), 2, IsProse: true), .. Destinations(plan), .. LoadPaths(plan), .. Objects(plan), .. Skipped(plan), .. Statements(plan)];

    /// <summary>Returns the whole description as one text, with control characters escaped.</summary>
    public static string Format(FeedPlan plan)
        => string.Join(
            Environment.NewLine,
            Details(plan).Select(l => new string(' ', l.Indent) + VisibleText.Escape(l.Text)).Prepend(VisibleText.Escape(Heading(plan))));

    private static string Summary(FeedPlan plan)
    {
        var counts = $"{Quantities.Count(plan.ObjectsUnchanged)} loaded already, {Quantities.Count(plan.ObjectsSkipped)} skipped"
            + (plan.Discovery == ObjectDiscovery.Events ? "; only announced objects were looked up" : "");
        if (plan.MatchesNothing)
            return $"nothing matches: {counts}";
        if (plan.IsNothingToDo)
            return $"nothing to do: {counts}";
        var changed = plan.ObjectsChanged > 0 ? $" ({Quantities.Count(plan.ObjectsChanged)} in a new version)" : "";
        return $"{Quantities.Count(plan.ObjectsToLoad, "object")} to load{changed}, {Quantities.Size(plan.BytesToLoad)}; {counts}";
    }

    // Of one destination, the summary says it all.
    private static IEnumerable<PlanLine> Destinations(FeedPlan plan)
        => plan.Destinations.Count == 1 ? [] : plan.Destinations.Select(d => new PlanLine(
            $"{d.Name}: " + (d.Obstacle is { } obstacle ? $"a run would not load into it: {obstacle.Id}: {obstacle.Message}"
                : d.IsNothingToDo ? "nothing to do"
                : $"{Quantities.Count(d.ObjectsToLoad, "object")} to load, {Quantities.Size(d.BytesToLoad)}"),
            4, IsProse: true));

    private static IEnumerable<PlanLine> LoadPaths(FeedPlan plan)
        => plan.Destinations.Where(d => d.LoadPath is not null && !d.IsNothingToDo)
            .Select(d => new PlanLine($"load path{(plan.Destinations.Count == 1 ? "" : $" of {d.Name}")}: {d.LoadPath}", 2, IsProse: true));

    private static IEnumerable<PlanLine> Objects(FeedPlan plan)
    {
        if (plan.ObjectsToLoad == 0)
            yield break;
        yield return new("to load, in this order:", 2, IsProse: true);
        foreach (var item in plan.Objects.Take(MaxObjects))
            yield return new($"{Quantities.Moment(item.LastModified)}  {Quantities.Size(item.Size),8}  {item.Uri}", 4, IsProse: false);
        if (plan.ObjectsToLoad > MaxObjects)
            yield return More(plan.ObjectsToLoad);
    }

    private static IEnumerable<PlanLine> Skipped(FeedPlan plan)
    {
        if (plan.ObjectsSkipped == 0)
            yield break;
        var reasons = plan.SkippedByReason.Select(r => $"{r.Key} {Quantities.Count(r.Value)}");
        yield return new($"skipped ({string.Join(", ", reasons)}):", 2, IsProse: true);
        foreach (var item in plan.Skipped.Take(MaxObjects))
            yield return new($"{Quantities.Size(item.Size),8}  {item.Uri}: {item.Reason}", 4, IsProse: false);
        if (plan.ObjectsSkipped > MaxObjects)
            yield return More(plan.ObjectsSkipped);
    }

    private static IEnumerable<PlanLine> Statements(FeedPlan plan)
    {
        foreach (var destination in plan.Destinations.Where(d => d.Statements.Count > 0))
        {
            var kind = destination.Statements.All(StatementText.IsStep) ? "steps" : "statements";
            yield return new(plan.Destinations.Count == 1 ? $"{kind}:" : $"{kind} in {destination.Name}:", 2, IsProse: true);
            foreach (var line in destination.Statements.SelectMany(StatementText.Lines))
                yield return new(line, 4, IsProse: false);
        }
    }

    private static PlanLine More(long all) => new($"and {Quantities.Count(all - MaxObjects)} more", 4, IsProse: true);
}

/// <summary>A line of text about a plan.</summary>
/// <param name="Text">The text, with control characters not yet escaped.</param>
/// <param name="Indent">The number of leading spaces.</param>
/// <param name="IsProse">Whether the line may be wrapped at words. A path or a statement may not.</param>
public readonly record struct PlanLine(string Text, int Indent, bool IsProse);
