using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Feeds;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>
/// The base of cmdlets that read files: those of a feed, with its settings or others, or those of a connection, before a feed exists.
/// </summary>
public abstract class FileReadingCmdlet : FileFormatCmdlet
{
    /// <summary>The parameter set of feeds.</summary>
    private protected const string FeedSet = "Feed";

    /// <summary>The parameter set of a connection's files.</summary>
    private protected const string FilesSet = "Files";

    [Parameter(
        ParameterSetName = FeedSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The feed's name.")]
    [Alias("FeedName")]
    [PipedName(Noun.Feed, Else = Noun.Connection)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = FilesSet, Mandatory = true, ValueFromPipeline = true, HelpMessage = "The connection whose files are read.")]
    [PipedName(Noun.Connection, Only = true)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string ConnectionName { get; set; } = "";

    [Parameter(HelpMessage = "Base credentials for this call only: the access key's id as user name, its secret as password.")]
    [Credential]
    public PSCredential? Credential { get; set; }

    protected override void ProcessRecord()
    {
        if (ParameterSetName == FilesSet)
        {
            RunFor(ConnectionName, (engine, cancellationToken)
                => ReadAsync(engine, ApplyFormat(S3Feed.Draft(ConnectionName, TypeOfFiles())), cancellationToken));
            return;
        }
        foreach (var name in Name)
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                var feed = await engine.Definitions.FindFeedAsync(name, cancellationToken);
                try
                {
                    await ReadAsync(engine, WithGivenFormat(feed), cancellationToken);
                }
                catch (FeedException e) when (e.Settings.Count > 0)
                {
                    throw e.ForFeed(feed.Name);
                }
            });
        }
    }

    /// <summary>Returns the type of a connection's files. Throws where nothing gives it.</summary>
    private protected abstract FileType TypeOfFiles();

    /// <summary>Reads the files of a feed. The feed need not be in the store.</summary>
    private protected abstract Task ReadAsync(FeedEngine engine, S3Feed feed, CancellationToken cancellationToken);

    // Columns inferred with another format do not apply to this one.
    private S3Feed WithGivenFormat(S3Feed feed)
    {
        var changed = ApplyFormat(feed);
        return changed.Csv == feed.Csv && changed.DateFormats == feed.DateFormats && changed.Encoding == feed.Encoding
            ? changed
            : changed with { Schema = null };
    }
}
