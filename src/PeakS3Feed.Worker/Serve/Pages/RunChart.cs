using System.Globalization;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>Draws the last runs of a feed as bars, the oldest first. Height shows the duration, colour the status.</summary>
internal static class RunChart
{
    private const int BarWidth = 8;
    private const int Gap = 3;
    private const int Height = 44;
    private const int MinHeight = 4;

    public static void Write(Html html, FeedState state)
    {
        var runs = state.Runs.Reverse().ToList();
        var longest = runs.Max(r => r.Duration?.TotalSeconds ?? 0);
        var width = (FeedState.ShownRuns * (BarWidth + Gap)) - Gap;
        html.Raw(string.Create(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {width} {Height}\" width=\"{width}\" "
            + $"height=\"{Height}\" role=\"group\" aria-label=\""))
            .Text($"Runs of {state.Feed.Name}").Raw("\">\n");
        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            // The square root of the duration, so that a short run beside a long one is visible.
            var height = longest > 0
                ? Math.Max(MinHeight, (int)Math.Round(Height * Math.Sqrt((run.Duration?.TotalSeconds ?? longest) / longest)))
                : MinHeight;
            var x = width - ((runs.Count - i) * (BarWidth + Gap)) + Gap;
            html.Raw("<a href=\"/runs/").Text(run.Id.ToString("D")).Raw("\"><title>")
                .Text($"{Quantities.Moment(run.StartedAt)} UTC: {Quantities.Status(run)}, {Quantities.Count(run.RowsLoaded, "row")}")
                .Raw(string.Create(
                    CultureInfo.InvariantCulture,
                    $"</title><rect class=\"{RunStyles.Find(run.Status)}\" x=\"{x}\" y=\"{Height - height}\" width=\"{BarWidth}\" "
                        + $"height=\"{height}\" rx=\"1\"/></a>\n"));
        }
        html.Raw("</svg>\n").Element("p", Caption(runs.Count, longest), "class=\"quiet caption\"").Raw("\n");
    }

    private static string Caption(int runs, double longest)
        => runs == 1
            ? "One run so far"
            : $"The last {Quantities.Count(runs, "run")} by duration, up to {Quantities.Duration(TimeSpan.FromSeconds(longest))}";
}
