using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Gets feeds.</summary>
[Cmdlet(VerbsCommon.Get, "S3Feed", DefaultParameterSetName = NameSet)]
[OutputType(typeof(S3FeedInfo))]
public sealed class GetS3FeedCommand : FeedCmdlet
{
    private const string NameSet = "Name";
    private const string ConnectionSet = "Connection";

    [Parameter(
        ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true,
        HelpMessage = "Names or patterns with * and ?; by default all feeds.")]
    [PipedName(Noun.Feed, Else = Noun.Connection)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    [Parameter(ParameterSetName = NameSet, HelpMessage = "Only feeds of these connections; names or patterns.")]
    [Parameter(
        ParameterSetName = ConnectionSet, Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "Only feeds of these connections; names or patterns.")]
    [PipedName(Noun.Connection, Only = true)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] ConnectionName { get; set; } = ["*"];

    [Parameter(HelpMessage = "Only feeds with one of these tags; tags or patterns.")]
    [ArgumentCompleter(typeof(TagCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Tag { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                var definitions = await engine.Store.ReadAsync(cancellationToken);
                foreach (var feed in NamePattern.Find(name, definitions.Feeds, f => f.Name, definitions.GetFeed).Where(IsWanted))
                    await EmitAsync(new S3FeedInfo(feed), StorePath);
            });
        }
    }

    private bool IsWanted(S3Feed feed)
        => ConnectionName.Any(c => NamePattern.IsMatch(c, feed.ConnectionName))
            && (Tag?.Any(t => feed.Tags.Any(has => NamePattern.IsMatch(t, has))) ?? true);
}
