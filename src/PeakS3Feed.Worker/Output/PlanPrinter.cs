using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints a plan.</summary>
internal static class PlanPrinter
{
    public static void Print(Screen screen, FeedPlan plan)
    {
        screen.Line(PlanText.Heading(plan), Styles.Heading);
        foreach (var line in PlanText.Details(plan))
        {
            if (line.IsProse)
                screen.Line(line.Text, indent: line.Indent);
            else
                screen.Verbatim(line.Text, line.Indent);
        }
    }
}
