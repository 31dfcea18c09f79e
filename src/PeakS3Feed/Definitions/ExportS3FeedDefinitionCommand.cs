using System.Management.Automation;
using System.Text;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Definitions;

/// <summary>Writes connections, destinations and feeds as a JSON document that Import-S3FeedDefinition reads. The document has no secrets.</summary>
[Cmdlet(VerbsData.Export, "S3FeedDefinition", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportS3FeedDefinitionCommand : FeedCmdlet
{
    private readonly List<string> _names = [];

    [Parameter(
        Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "Only these feeds, with their connections and destinations; names or patterns with * and ?.")]
    [Alias("FeedName")]
    [PipedName(Noun.Feed)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(HelpMessage = "The file to write. By default, the cmdlet returns the document as text.")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(HelpMessage = "Overwrite the file.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = "Return the file.")]
    public SwitchParameter PassThru { get; set; }

    // All feeds of the pipeline go into one document.
    protected override void ProcessRecord() => _names.AddRange(Name);

    protected override void EndProcessing()
    {
        // An empty pipeline exports nothing; it does not mean all feeds.
        if (_names.Count == 0 && MyInvocation.ExpectingInput)
            return;
        var path = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
        RunFor(path, async (engine, cancellationToken) =>
        {
            var definitions = await engine.Store.ReadAsync(cancellationToken);
            if (_names.Count > 0)
                definitions = definitions.ForFeeds(
                    [.. _names.SelectMany(n => NamePattern.Find(n, definitions.Feeds, f => f.Name, definitions.GetFeed)).DistinctBy(f => f.Id)],
                    engine.Store.Kinds);
            var document = DefinitionExport.Write(definitions, engine.Store.Kinds);
            if (path is null)
            {
                await EmitAsync(Encoding.UTF8.GetString(document));
                return;
            }
            DefinitionFile.CheckWritable(path, Force);
            if (!await ShouldAsync(path, "Write the definitions"))
                return;
            await DefinitionFile.WriteAsync(path, document, Force, cancellationToken);
            if (PassThru)
                await EmitAsync(new FileInfo(path));
        });
    }
}
