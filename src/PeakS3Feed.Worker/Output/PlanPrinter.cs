using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints what a run would do.</summary>
internal static class PlanPrinter
{
    private const int Most = 20;

    public static void Print(Screen screen, FeedPlan plan)
    {
        screen.Line($"{plan.Feed.Name}: {plan.Feed.LoadType} into \"{plan.Feed.TableName}\" in {plan.Destination}", Styles.Heading);
        screen.Line(Summary(plan), indent: 2);
        Objects(screen, plan);
        Skipped(screen, plan);
        if (plan.Statements.Count == 0)
            return;
        screen.Line("statements:", indent: 2);
        foreach (var line in plan.Statements.SelectMany(StatementText.Lines))
            screen.Verbatim(line, indent: 4);
    }

    private static string Summary(FeedPlan plan)
    {
        var counts = $"{Quantities.Count(plan.ObjectsUnchanged)} loaded already, {Quantities.Count(plan.ObjectsSkipped)} skipped";
        if (plan.IsNothingToDo)
            return $"nothing to do: {counts}";
        var changed = plan.ObjectsChanged > 0 ? $" ({Quantities.Count(plan.ObjectsChanged)} in a new version)" : "";
        return $"{Quantities.Count(plan.ObjectsToLoad, "object")} to load{changed}, {Quantities.Size(plan.BytesToLoad)}; {counts}";
    }

    private static void Objects(Screen screen, FeedPlan plan)
    {
        if (plan.ObjectsToLoad == 0)
            return;
        screen.Line("to load, in this order:", indent: 2);
        foreach (var item in plan.Objects.Take(Most))
            screen.Verbatim($"{Quantities.Moment(item.LastModified)}  {Quantities.Size(item.Size),8}  {item.Uri}", indent: 4);
        if (plan.ObjectsToLoad > Most)
            screen.Line($"and {Quantities.Count(plan.ObjectsToLoad - Most)} more", indent: 4);
    }

    private static void Skipped(Screen screen, FeedPlan plan)
    {
        if (plan.ObjectsSkipped == 0)
            return;
        screen.Line($"skipped ({string.Join(", ", plan.SkippedByReason.Select(r => $"{r.Key} {Quantities.Count(r.Value)}"))}):", indent: 2);
        foreach (var item in plan.Skipped.Take(Most))
            screen.Verbatim($"{Quantities.Size(item.Size),8}  {item.Uri}: {item.Reason}", indent: 4);
        if (plan.ObjectsSkipped > Most)
            screen.Line($"and {Quantities.Count(plan.ObjectsSkipped - Most)} more", indent: 4);
    }
}
