using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Makes a feed: what to fetch from a connection, how to read it, how and where to load it.</summary>
[Cmdlet(VerbsCommon.New, "S3Feed", SupportsShouldProcess = true)]
[OutputType(typeof(S3Feed))]
public sealed class NewS3FeedCommand : FeedSettingsCmdlet
{
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The feed's name: letters, digits and underscores; it is the table's name too, unless you give one.")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(
        Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The connection to fetch from: its name, or the connection itself.")]
    [ConnectionNameTransformation]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string ConnectionName { get; set; } = "";

    [Parameter(Mandatory = true, HelpMessage = "Csv, Json (an array of objects) or Ndjson (an object a line).")]
    public FileType FileType { get; set; }

    [Parameter(HelpMessage = "Make the feed disabled: it does not run until Enable-S3Feed.")]
    public SwitchParameter Disabled { get; set; }

    protected override void ProcessRecord() => RunFor(Name, async (engine, cancellationToken) =>
    {
        var feed = Apply(new S3Feed { Name = Name, ConnectionName = ConnectionName, FileType = FileType, Enabled = !Disabled });
        await engine.Definitions.DryRun.AddAsync(ApplyKnownSchema(feed), cancellationToken);
        if (!await ShouldAsync(Name, $"Make a feed of the connection {ConnectionName}"))
            return;
        feed = ApplySchema(feed, await FindColumnsAsync(engine, feed, cancellationToken));
        await EmitAsync(await engine.Definitions.AddAsync(feed, cancellationToken), StorePath);
    });
}
