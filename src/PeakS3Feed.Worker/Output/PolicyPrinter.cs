using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints policies, and the warning that a policy is out of date.</summary>
internal static class PolicyPrinter
{
    /// <summary>Prints only the documents to the output, so that it can be piped.</summary>
    public static void Print(Screen output, Screen notes, S3FeedPolicy policy, PolicyForm form)
    {
        output.VerbatimLines(policy.Render(form));
        foreach (var note in policy.Notes)
            notes.Line($"note: {note}");
    }

    public static void PrintOutdated(Screen screen, ErrorPrinter commands, string connection)
    {
        screen.Line("The policy of its role is out of date; replace it with the new one:", indent: 2);
        commands.Next(screen, 4, [Remedy.ShowPolicy(connection)]);
    }
}
