using System.Globalization;
using Microsoft.AspNetCore.Http;
using PeakS3Feed.Engine;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>The page of a run, with its rejects page by page.</summary>
internal sealed class RunPage(FeedEngine engine)
{
    private const int ShownRejects = 100;

    public async Task<IResult> GetAsync(Guid id, int? from, CancellationToken cancellationToken)
    {
        if (await engine.History.FindAsync(id, cancellationToken) is not { } run)
            return PageLayout.Create("No such run", html => html.Raw("<h1>There is no such run</h1>\n<p>The history keeps runs for 90 days. Runs of "
                + "one day that had nothing to do become one entry.</p>\n"), status: StatusCodes.Status404NotFound);
        var first = Math.Clamp(from ?? 0, 0, RejectLog.MaxStored);
        var rejects = await engine.History.ListRejectsAsync(id, cancellationToken).Skip(first).Take(ShownRejects + 1).ToListAsync(cancellationToken);
        return PageLayout.Create($"Run {Quantities.Short(run.Id)} of {run.FeedName}", html => Write(html, run, rejects, first));
    }

    private static void Write(Html html, S3FeedRun run, List<Reject> rejects, int first)
    {
        html.Raw("<h1>Run ").Text(Quantities.Short(run.Id)).Raw(" of ").Text(run.FeedName).Raw(" ").Element("span", Quantities.Status(run),
            $"class=\"badge {RunStyles.Find(run.Status)}\"").Raw("</h1>\n");
        if (run.Error is { } error)
            html.Raw("<p class=\"error\">").Text($"{run.ErrorId}: {error}").Raw("</p>\n");
        html.Raw("<dl>\n");
        Fact(html, "Started", $"{Quantities.Moment(run.StartedAt)} UTC");
        if (run.Runs > 1)
            Fact(html, "Stands for",
                $"{Quantities.Count(run.Runs, "run")} that had nothing to do, since {Quantities.Moment(run.FirstStartedAt)} UTC");
        if (run.Duration is { } duration)
            Fact(html, "Took", Quantities.Duration(duration));
        Fact(html, "Objects", $"{Quantities.Count(run.ObjectsLoaded)} of {Quantities.Count(run.ObjectsPlanned)} loaded"
            + (run.ObjectsFailed > 0 ? $", {Quantities.Count(run.ObjectsFailed)} left out" : ""));
        Fact(html, "Rows", $"{Quantities.Count(run.RowsLoaded)} loaded, {Quantities.Count(run.RowsRejected)} rejected");
        Fact(html, "Read", Quantities.Size(run.BytesRead));
        if (run.LoadPath is { } path)
            Fact(html, "Load path", path);
        if (run.Destinations.Count > 1)
            Fact(html, "Destinations", string.Join("; ", run.Destinations.Select(Quantities.Standing)));
        Fact(html, "Commits", Quantities.Count(run.Commits));
        Fact(html, "On", $"{run.Host}, process {run.ProcessId.ToString(CultureInfo.InvariantCulture)}");
        Fact(html, "Id", run.Id.ToString("D"));
        html.Raw("</dl>\n");
        if (run.WarningCount > 0)
            WriteWarnings(html, run);
        if (rejects.Count > 0 || first > 0)
            WriteRejects(html, run, rejects, first);
    }

    private static void WriteWarnings(Html html, S3FeedRun run)
    {
        html.Raw("<h2>Warnings</h2>\n<ul class=\"rejects\">\n");
        foreach (var warning in run.Warnings)
        {
            html.Raw("<li><p>").Text(warning.Text);
            if (warning.Hint is { } hint)
                html.Raw("<br>").Text(hint);
            html.Raw("</p></li>\n");
        }
        html.Raw("</ul>\n");
        if (run.WarningCount > run.Warnings.Count)
            html.Element("p", $"and {Quantities.Count(run.WarningCount - run.Warnings.Count, "more warning")}").Raw("\n");
    }

    private static void WriteRejects(Html html, S3FeedRun run, List<Reject> rejects, int first)
    {
        html.Raw("<h2>Rejects</h2>\n<ol class=\"rejects\" start=\"").Text((first + 1).ToString(CultureInfo.InvariantCulture)).Raw("\">\n");
        foreach (var reject in rejects.Take(ShownRejects))
        {
            html.Raw("<li><p>").Element("b", reject.Position.ToString()).Raw("<br>").Text(reject.Reason).Raw("</p>");
            if (reject.RawText is { } text)
                html.Element("pre", text);
            html.Raw("</li>\n");
        }
        html.Raw("</ol>\n<nav>");
        if (first > 0)
            Link(html, run, Math.Max(0, first - ShownRejects), "Earlier");
        if (rejects.Count > ShownRejects)
            Link(html, run, first + ShownRejects, "More");
        html.Raw("</nav>\n");
    }

    private static void Fact(Html html, string name, string value) => html.Element("dt", name).Element("dd", value).Raw("\n");

    private static void Link(Html html, S3FeedRun run, int from, string text)
        => html.Raw(string.Create(CultureInfo.InvariantCulture, $"<a class=\"button\" href=\"/runs/{run.Id:D}?from={from}\">"))
            .Text(text).Raw("</a> ");
}
