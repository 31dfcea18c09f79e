using System.Management.Automation;
using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Sampling;
using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>
/// Gets columns: those of a feed, or those inferred from files of a feed or connection. A person can rename and retype them, and give them
/// to New-S3Feed or Set-S3Feed.
/// </summary>
[Cmdlet(VerbsCommon.Get, "S3FeedSchema", DefaultParameterSetName = FeedSet)]
[OutputType(typeof(S3FeedSchemaColumn))]
public sealed class GetS3FeedSchemaCommand : FileReadingCmdlet
{
    [Parameter(ParameterSetName = FilesSet, Mandatory = true, HelpMessage = "The type of the files.")]
    public FileType FileType { get; set; }

    [Parameter(ParameterSetName = FeedSet, HelpMessage = "Infer the columns from files even if the feed has columns.")]
    public SwitchParameter Infer { get; set; }

    [Parameter(HelpMessage = "List all objects before choosing which to read. By default listing ends after 10,000 objects or five seconds.")]
    public SwitchParameter SampleAll { get; set; }

    private protected override FileType TypeOfFiles() => FileType;

    private protected override async Task ReadAsync(FeedEngine engine, S3Feed feed, CancellationToken cancellationToken)
    {
        if (feed.Schema is { } known && !Infer && !SampleAll)
        {
            await EmitAsync(known, feed);
            return;
        }
        var sampled = await engine.InferAsync(feed, SampleAll, Credential.ToAccessKey(), cancellationToken);
        Post(() => WriteVerbose(Describe(sampled)));
        foreach (var warning in sampled.Warnings)
            Warn(warning);
        await EmitAsync(sampled.Feed.Schema!, feed);
    }

    private async Task EmitAsync(FeedSchema schema, S3Feed feed)
    {
        foreach (var column in schema.Columns)
            await EmitAsync(S3FeedSchemaColumn.From(column, ParameterSetName == FeedSet ? feed.Name : null));
    }

    private static string Describe(SampledSchema sampled)
        => $"Inferred from {Quantities.Count(sampled.Rows, "row")} of {string.Join(", ", sampled.Sampled.Select(o => VisibleText.Escape(o.Uri)))}, "
            + "chosen among "
            + (sampled.Complete ? "all matching objects." : "the objects listed first, because there are many; -SampleAll lists all.");
}
