using System.Management.Automation;
using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Sampling;
using PeakS3Feed.Schemas;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>
/// Gets columns: those that a feed has, or those that its files, or a connection's, seem to have. They can be renamed and retyped, and given
/// to New-S3Feed or Set-S3Feed.
/// </summary>
[Cmdlet(VerbsCommon.Get, "S3FeedSchema", DefaultParameterSetName = OfFeed)]
[OutputType(typeof(S3FeedSchemaColumn))]
public sealed class GetS3FeedSchemaCommand : FileReadingCmdlet
{
    [Parameter(ParameterSetName = OfFeed, HelpMessage = "Look at the files anew, although the feed has columns.")]
    public SwitchParameter Infer { get; set; }

    [Parameter(HelpMessage = "List every object before choosing which to read, instead of the first 10,000 or five seconds' worth.")]
    public SwitchParameter SampleAll { get; set; }

    private protected override async Task ReadAsync(FeedEngine engine, S3Feed feed, CancellationToken cancellationToken)
    {
        if (feed.Schema is { } known && !Infer && !SampleAll)
        {
            await EmitAsync(known, feed);
            return;
        }
        var sampled = await engine.InferAsync(feed, SampleAll, Credential.ToAccessKey(), cancellationToken);
        Post(() => WriteVerbose(Words(sampled)));
        foreach (var warning in sampled.Warnings)
            Warn(warning);
        await EmitAsync(sampled.Feed.Schema!, feed);
    }

    private async Task EmitAsync(FeedSchema schema, S3Feed feed)
    {
        foreach (var column in schema.Columns)
            await EmitAsync(S3FeedSchemaColumn.Of(column, ParameterSetName == OfFeed ? feed.Name : null));
    }

    private static string Words(SampledSchema sampled)
        => $"Inferred from {Quantities.Count(sampled.Rows, "row")} of {string.Join(", ", sampled.Sampled.Select(o => VisibleText.Escape(o.Uri)))}, chosen among "
            + (sampled.Complete ? "all matching objects." : "the objects that were listed first, since there are many; -SampleAll lists all.");
}
