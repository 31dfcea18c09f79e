using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Tables;

/// <summary>Gets rows of the table that a feed loads into: the first ones, or those of a run or a file.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedRow", DefaultParameterSetName = OfFeed)]
[OutputType(typeof(S3FeedRow))]
public sealed class GetS3FeedRowCommand : FeedCmdlet
{
    private const string OfFeed = "Feed";
    private const string OfRun = "Run";

    // So many rows say how wide the columns of the view are.
    private const int SampleRows = 100;

    // Not mandatory, so that a run alone is enough.
    [Parameter(ParameterSetName = OfFeed, Position = 0, ValueFromPipeline = true, HelpMessage = "The feed's name; by default that of the run.")]
    [Alias("FeedName")]
    [PipedName(Noun.Feed, ElseRuns = true)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = OfFeed, HelpMessage = "Only rows that this run loaded: its id, or the beginning of it.")]
    [Parameter(
        ParameterSetName = OfRun, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "Only rows that this run loaded: its id, or the beginning of it.")]
    [Alias("Run")]
    [PipedName(Noun.Run)]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] RunId { get; set; } = [];

    [Parameter(HelpMessage = "Only rows of the file with this full key, or this s3:// URI.")]
    [ArgumentCompleter(typeof(KeyCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Key { get; set; }

    [Parameter(HelpMessage = "At most this many rows of each feed or run; 20 by default.")]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = RowRequest.DefaultFirst;

    [Parameter(HelpMessage = "The destination of the table; by default the first one of the feed.")]
    [ArgumentCompleter(typeof(DestinationNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? DestinationName { get; set; }

    [Parameter(HelpMessage = "Base credentials for this call only, for a table on S3: the access key's id as user name, its secret as password.")]
    [Credential]
    public PSCredential? Credential { get; set; }

    protected override void ProcessRecord()
    {
        if (Name.Length == 0 && RunId.Length == 0)
        {
            WriteError(Errors.Create(NothingNamed(), null));
            return;
        }
        IReadOnlyList<string?> runs = RunId.Length > 0 ? RunId : (string?[])[null];
        IReadOnlyList<string?> names = Name.Length > 0 ? Name : (string?[])[null];
        foreach (var name in names)
        {
            foreach (var run in runs)
                RunFor(name ?? run, (engine, cancellationToken) => ReadAsync(engine, name, run, cancellationToken));
        }
    }

    private async Task ReadAsync(FeedEngine engine, string? name, string? run, CancellationToken cancellationToken)
    {
        var request = new RowRequest
        {
            FeedName = name,
            Run = run,
            Key = Key,
            DestinationName = DestinationName,
            // One more says whether there are more.
            First = Given(nameof(First)) ? First : First + 1L,
        };
        var found = await engine.FindRowsAsync(request, Credential.ToAccessKey(), cancellationToken);
        var writer = new Writer(this, found.Place);
        await foreach (var row in found.Rows.WithCancellation(cancellationToken))
        {
            if (writer.Count == First)
            {
                await writer.FinishAsync();
                Warn(found.More);
                return;
            }
            await writer.WriteAsync(row);
        }
        await writer.FinishAsync();
        if (writer.Count == 0)
            Post(() => WriteVerbose(RowsText.DescribeNone(found.Place, found.Selection, found.Run)));
    }

    private static FeedException NothingNamed()
        => new("FeedOrRunMissing", FeedErrorCategory.InvalidArgument, "The command names neither a feed nor a run.")
        {
            Hint = "Name the feed, for example Get-S3FeedRow orders, or the run with -RunId, or pipe feeds or runs to the command.",
        };

    /// <summary>Writes rows. It holds the first ones back until it knows how wide the columns are.</summary>
    private sealed class Writer(GetS3FeedRowCommand cmdlet, string source)
    {
        private readonly List<TableRow> _sample = [];
        private RowLayout? _layout;
        private IReadOnlyList<string> _properties = [];

        public int Count { get; private set; }

        public async Task WriteAsync(TableRow row)
        {
            Count++;
            if (_layout is not null)
            {
                await EmitAsync(row, Count);
                return;
            }
            _sample.Add(row);
            if (_sample.Count == SampleRows)
                await FinishAsync();
        }

        public async Task FinishAsync()
        {
            if (_layout is not null || _sample.Count == 0)
                return;
            var columns = _sample[0].Columns;
            _properties = PropertyNames.From(columns);
            var audit = columns.Count(ColumnNames.IsReserved);
            _layout = new(source, columns, [.. _sample.Select(r => r.Values)]) { Optional = audit < columns.Count ? audit : 0 };
            foreach (var (column, property) in columns.Zip(_properties).Where(p => p.First != p.Second))
                cmdlet.Warn($"Column \"{column}\" is the property {property}: PowerShell has another property or member with its name.");
            foreach (var (index, row) in _sample.Index())
                await EmitAsync(row, index + 1);
        }

        private Task EmitAsync(TableRow row, int number)
            => cmdlet.EmitAsync((object)new S3FeedRow(_layout!, number, row.Values).WithColumns(_properties));
    }
}
