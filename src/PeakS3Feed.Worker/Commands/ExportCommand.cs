using System.CommandLine;
using System.Text;
using PeakS3Feed.Store;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed export [FEED…]</c></summary>
internal sealed class ExportCommand : WorkerCommand
{
    private readonly Argument<string[]> _feeds = new("FEED")
    {
        Description = "Only these feeds, with their connections and destinations. * and ? are wildcards.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public ExportCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "export", "Write connections, destinations and feeds as a document that import reads. The document has no secrets.")
        => Add(_feeds);

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var definitions = await context.Engine.Store.ReadAsync(cancellationToken);
        if (parsed.GetValue(_feeds) is { Length: > 0 } given)
        {
            var names = FeedNames.Expand(given, definitions, disabledToo: true);
            definitions = definitions.ForFeeds(
                [.. names.Select(n => definitions.FindFeed(n) ?? throw WorkerErrors.NoFeedMatches(n, definitions))], context.Engine.Store.Kinds);
        }
        context.Out.VerbatimLines(Encoding.UTF8.GetString(DefinitionExport.Write(definitions, context.Engine.Store.Kinds)));
        return ExitCodes.Success;
    }
}
