using System.Management.Automation;
using System.Text;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Definitions;

/// <summary>Adds or changes connections, destinations and feeds from a JSON document. If anything is wrong, nothing changes.</summary>
[Cmdlet(VerbsData.Import, "S3FeedDefinition", SupportsShouldProcess = true, DefaultParameterSetName = FromPath)]
[OutputType(typeof(ImportChange))]
public sealed class ImportS3FeedDefinitionCommand : FeedCmdlet
{
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";
    private const string FromPipeline = "InputObject";
    private readonly StringBuilder _text = new();

    [Parameter(ParameterSetName = FromPath, Mandatory = true, Position = 0, HelpMessage = "The files of the documents; * and ? are wildcards.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = FromLiteralPath, Mandatory = true, HelpMessage = "The files of the documents, named exactly.")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(
        ParameterSetName = FromPipeline, Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "The document as text, whole or line by line; or files, each with one document.")]
    [AllowEmptyString]
    [DocumentTransformation]
    public PSObject InputObject { get; set; } = "";

    private protected override bool CreatesStore => true;

    protected override void ProcessRecord()
    {
        if (ParameterSetName == FromPipeline && InputObject.BaseObject is not FileInfo)
        {
            _text.AppendLine(LanguagePrimitives.ConvertTo<string>(InputObject));
            return;
        }
        foreach (var path in Paths())
            RunFor(path, async (engine, cancellationToken) => await ImportAsync(
                engine, await DefinitionFile.ReadAsync(path, cancellationToken), path, cancellationToken));
    }

    protected override void EndProcessing()
    {
        if (_text.Length > 0)
            RunFor(null, (engine, cancellationToken) => ImportAsync(
                engine, Encoding.UTF8.GetBytes(_text.ToString()), "The document", cancellationToken));
    }

    private IEnumerable<string> Paths() => ParameterSetName switch
    {
        FromPipeline => [((FileInfo)InputObject.BaseObject).FullName],
        FromLiteralPath => LiteralPath.Select(GetUnresolvedProviderPathFromPSPath),
        _ => Path.SelectMany(p => WildcardPattern.ContainsWildcardCharacters(p)
            ? (IEnumerable<string>)GetResolvedProviderPathFromPSPath(p, out _)
            : [GetUnresolvedProviderPathFromPSPath(p)]),
    };

    private async Task ImportAsync(FeedEngine engine, byte[] document, string source, CancellationToken cancellationToken)
    {
        // Problems of the document are errors with -WhatIf, too.
        var report = DefinitionImport.ReadOrThrow(document, await engine.Store.ReadAsync(cancellationToken), source, engine.Store.Kinds);
        var action = string.Join(Environment.NewLine, report.Changes.Select(Describe).Prepend($"Import {source}:"));
        if (!await CallAsync(() => ShouldProcess(action, action, "Import definitions")))
            return;
        foreach (var change in (await DefinitionImport.ApplyAsync(engine.Store, document, source, cancellationToken)).Changes)
        {
            if (change.OutdatesPolicy)
                WarnOfPolicy(change.Name);
            await EmitAsync(change, StorePath);
        }
    }

    private static string Describe(ImportChange change) => change.Outcome switch
    {
        ImportOutcome.Added => $"  add {change.Kind} {change.Name}",
        ImportOutcome.Changed => $"  change {change.Kind} {change.Name}",
        _ => $"  leave {change.Kind} {change.Name} as it is",
    };
}
