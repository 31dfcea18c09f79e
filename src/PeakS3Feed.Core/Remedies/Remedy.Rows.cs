using System.Globalization;
using static PeakS3Feed.Remedies.CommandText;

namespace PeakS3Feed.Remedies;

/// <content>Commands that show rows of tables.</content>
public sealed partial record Remedy
{
    /// <summary>Shows the first rows of a feed's table.</summary>
    public static Remedy ShowRows(string feed) => new(WriteCmdlet("Get-S3FeedRow", ("Name", feed)), WriteProgram("rows", feed));

    /// <summary>Shows more rows of a feed's table.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="first">How many.</param>
    /// <param name="run">Only rows of this run; null for all.</param>
    /// <param name="objectUri">Only rows of this object; null for all.</param>
    public static Remedy ShowRows(string feed, int first, Guid? run, string? objectUri)
    {
        var number = first.ToString(CultureInfo.InvariantCulture);
        List<(string, object)> parameters = [("Name", feed), ("First", new Bare(number))];
        List<string> options = ["rows", feed, "--first", number];
        if (run is { } id)
        {
            // In full: the history need not have the run any more.
            parameters.Add(("RunId", new Bare(id.ToString("D"))));
            options.AddRange(["--run", id.ToString("D")]);
        }
        if (objectUri is not null)
        {
            parameters.Add(("Key", objectUri));
            options.AddRange(["--key", objectUri]);
        }
        return new(WriteCmdlet("Get-S3FeedRow", [.. parameters]), WriteProgram([.. options]));
    }

    /// <summary>Shows the rows that one run has loaded.</summary>
    public static Remedy RowsOfRun(Guid run)
        => new(WriteCmdlet("Get-S3FeedRow", ("RunId", Short(run))), WriteProgram("rows", "--run", Short(run).Text));
}
