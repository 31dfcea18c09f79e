using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Changes the given settings of feeds. Null and empty values return to the default.</summary>
[Cmdlet(VerbsCommon.Set, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedInfo))]
public sealed class SetS3FeedCommand : FeedSettingsCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The feed's name.")]
    [PipedName(Noun.Feed)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(HelpMessage = "The connection to read from.")]
    [PipedName(Noun.Connection)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ConnectionName { get; set; }

    [Parameter(HelpMessage = "Csv, Json (an array of objects) or Ndjson (one object per line).")]
    public FileType FileType { get; set; }

    [Parameter(HelpMessage = "Return the changed feed.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            RunFor(name, (engine, cancellationToken) => EditAsync(engine, name, cancellationToken));
    }

    private async Task EditAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var before = await engine.Definitions.FindFeedAsync(name, cancellationToken);
        var planned = await engine.Definitions.DryRun.EditFeedAsync(name, f => ApplyKnownSchema(Changed(f)), cancellationToken);
        if (!await ShouldAsync(name, SettingText.Describe("Change the feed", engine.Definitions.Compare(before, planned))))
            return;
        var columns = await FindColumnsAsync(engine, Changed(before), cancellationToken);
        var after = await engine.Definitions.EditFeedAsync(
            name,
            feed =>
            {
                before = feed;
                return ApplySchema(Changed(feed), feed.Schema ?? columns);
            },
            cancellationToken);
        foreach (var consequence in FeedConsequences.Find(before, after))
            Post(() => Report(consequence));
        if (PassThru)
            await EmitAsync(new S3FeedInfo(after), StorePath);
    }

    private S3Feed Changed(S3Feed feed)
    {
        // The file type is set first: a new type resets the feed's own separator, and a separator given with it is checked against the new type.
        if (Given(nameof(FileType))) feed = feed.WithFileType(FileType);
        feed = Apply(feed);
        return ConnectionName is not null ? feed with { ConnectionName = ConnectionName } : feed;
    }

    private void Report(FeedConsequence consequence)
    {
        var text = consequence.Remedy is { } remedy ? $"{consequence.Text} {Next(remedy)}" : consequence.Text;
        if (consequence.IsWarning)
            WriteWarning(text);
        else
            WriteVerbose(text);
    }
}
