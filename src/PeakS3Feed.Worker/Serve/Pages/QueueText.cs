using PeakS3Feed.Store;
using PeakS3Feed.Triggers.Queues;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>Writes the state of a trigger's queue: when a message last arrived, and its problems with what to do.</summary>
internal static class QueueText
{
    // Each message that cannot be read is a problem of its own.
    private const int ShownProblems = 3;

    /// <summary>Writes it after the description of the trigger, which names the queue.</summary>
    public static void Write(Html html, QueueState queue, StorePaths paths)
    {
        html.Raw(" ").Element(
            "span", queue.LastMessageAt is { } at ? $"Last message: {Quantities.Moment(at)} UTC" : "No message has arrived yet.", "class=\"quiet\"");
        foreach (var problem in queue.Problems.Take(ShownProblems))
            WriteProblem(html, problem, paths);
        if (queue.Problems.Count > ShownProblems)
            html.Element("p", $"and {Quantities.Count(queue.Problems.Count - ShownProblems, "more problem")}", "class=\"quiet\"");
    }

    private static void WriteProblem(Html html, QueueProblem problem, StorePaths paths)
    {
        html.Raw($"<p class=\"{(problem.Kind == QueueProblemKind.Queue ? "error" : "warning")}\">").Text(problem.Message);
        if (problem.Hint is { } hint)
            html.Raw("<br>").Text(hint);
        html.Raw("</p>");
        foreach (var command in problem.Remedies.Select(r => paths.Complete(r).Shell).OfType<string>())
            html.Element("pre", command);
    }
}
