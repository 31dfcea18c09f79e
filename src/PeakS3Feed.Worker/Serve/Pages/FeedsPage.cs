using System.Globalization;
using Microsoft.AspNetCore.Http;
using PeakS3Feed.Engine;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>The first page: all feeds, their last runs and next fire times.</summary>
internal sealed class FeedsPage(FeedEngine engine, FeedStates states, TimeProvider time)
{
    private const int RefreshSeconds = 30;

    public async Task<IResult> GetAsync(CancellationToken cancellationToken)
    {
        var feeds = await states.ListAsync(cancellationToken);
        return PageLayout.Create("Feeds", html => Write(html, feeds), RefreshSeconds);
    }

    private void Write(Html html, IReadOnlyList<FeedState> feeds)
    {
        html.Raw("<h1>Feeds</h1>\n")
            .Element("p", $"{engine.Paths.ConfigDirectory}, {Quantities.Moment(time.GetUtcNow())} UTC", "class=\"quiet\"").Raw("\n");
        if (feeds.Count == 0)
            html.Raw("<p>The store has no feed yet.</p>\n");
        foreach (var feed in feeds)
            WriteFeed(html, feed);
    }

    private void WriteFeed(Html html, FeedState state)
    {
        var last = state.Runs.Count > 0 ? state.Runs[0] : null;
        html.Raw("<section class=\"feed\">\n<h2>").Text(state.Feed.Name).Raw(" ");
        if (!state.Feed.Enabled)
            html.Element("span", "disabled", "class=\"badge off\"").Raw(" ");
        if (last is not null)
            html.Element("span", Quantities.Status(last), $"class=\"badge {RunStyles.Find(last.Status)}\"");
        html.Raw("</h2>\n");
        if (last is null)
        {
            html.Raw("<p class=\"quiet\">It has not run yet.</p>\n");
        }
        else
        {
            html.Raw("<p>Last run <a href=\"/runs/").Text(last.Id.ToString("D")).Raw("\">").Text($"{Quantities.Moment(last.StartedAt)} UTC")
                .Raw("</a>: ").Text(Counts(last)).Raw("</p>\n");
            if (last.Error is { } error)
                html.Element("p", error, "class=\"error\"").Raw("\n");
            RunChart.Write(html, state);
        }
        WriteTriggers(html, state);
        html.Raw("</section>\n");
    }

    private void WriteTriggers(Html html, FeedState state)
    {
        if (state.Triggers.Count == 0)
            return;
        html.Raw("<ul class=\"triggers\">\n");
        foreach (var (trigger, next, queue) in state.Triggers)
        {
            html.Raw("<li>").Element("b", trigger.Name).Raw(" ").Text(TriggerText.Describe(trigger));
            if (!trigger.Enabled)
                html.Raw(" ").Element("span", "disabled", "class=\"badge off\"");
            else if (next is { } due)
            {
                var shown = TriggerText.Shown(trigger, due).ToString("ddd yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
                html.Raw(" ").Element("span", $"Next: {shown}", "class=\"quiet\"");
            }
            else if (queue is not null)
                QueueText.Write(html, queue, engine.Paths);
            html.Raw("</li>\n");
        }
        html.Raw("</ul>\n");
    }

    private static string Counts(S3FeedRun run)
        => $"{Quantities.Count(run.RowsLoaded, "row")} of {Quantities.Count(run.ObjectsLoaded, "object")}"
            + (run.RowsRejected > 0 ? $", {Quantities.Count(run.RowsRejected, "reject")}" : "")
            + (run.Duration is { } duration ? $", {Quantities.Duration(duration)}" : "");
}
