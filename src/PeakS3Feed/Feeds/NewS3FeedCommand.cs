using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Creates a feed: what to read from a connection, how to read it, and how and where to load it.</summary>
[Cmdlet(VerbsCommon.New, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedInfo))]
public sealed class NewS3FeedCommand : FeedSettingsCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, HelpMessage = "The feed's name: letters, digits and underscores. By default it is the table's name, too.")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(
        Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The connection to read from: its name, or the connection itself.")]
    [PipedName(Noun.Connection)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string ConnectionName { get; set; } = "";

    [Parameter(Mandatory = true, HelpMessage = "Csv, Json (an array of objects) or Ndjson (one object per line).")]
    public FileType FileType { get; set; }

    [Parameter(HelpMessage = "Create the feed disabled: it does not run until Enable-S3Feed.")]
    public SwitchParameter Disabled { get; set; }

    protected override void ProcessRecord() => RunFor(Name, async (engine, cancellationToken) =>
    {
        var feed = Apply(new S3Feed { Name = Name, ConnectionName = ConnectionName, FileType = FileType, Enabled = !Disabled });
        await engine.Definitions.DryRun.AddAsync(ApplyKnownSchema(feed), cancellationToken);
        if (!await ShouldAsync(Name, $"Create a feed of the connection {ConnectionName}"))
            return;
        feed = ApplySchema(feed, await FindColumnsAsync(engine, feed, cancellationToken));
        await EmitAsync(new S3FeedInfo(await engine.Definitions.AddAsync(feed, cancellationToken)), StorePath);
    });
}
