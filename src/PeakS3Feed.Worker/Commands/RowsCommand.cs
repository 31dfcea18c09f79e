using System.CommandLine;
using PeakS3Feed.Engine;
using PeakS3Feed.Schemas;
using PeakS3Feed.Wording;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed rows [FEED]</c></summary>
internal sealed class RowsCommand : WorkerCommand
{
    private readonly Argument<string?> _feed = new("FEED")
    {
        Description = "The feed that loads the table. Default: the feed of the run.", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _first = new("--first")
    {
        Description = "How many rows to show.",
        HelpName = "N",
        DefaultValueFactory = _ => RowRequest.DefaultFirst,
        CustomParser = WholeNumber.Parse,
    };

    private readonly Option<string?> _run = new("--run")
    {
        Description = "Only rows that this run loaded: its id or the beginning of it.", HelpName = "ID",
    };

    private readonly Option<string?> _key = new("--key") { Description = "Only rows of this file: its key or s3:// URI.", HelpName = "KEY" };

    private readonly Option<string?> _destination = new("--destination")
    {
        Description = "The destination of the table. Default: the first one of the feed.", HelpName = "NAME",
    };

    public RowsCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "rows", "Show rows of the table that a feed loads into.")
    {
        Add(_feed);
        Add(_first);
        Add(_run);
        Add(_key);
        Add(_destination);
        Validators.Add(result =>
        {
            if (result.GetValue(_feed) is null && result.GetValue(_run) is null)
                result.AddError("Name a feed, or a run with --run.");
        });
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var first = parsed.GetValue(_first);
        var request = new RowRequest
        {
            FeedName = parsed.GetValue(_feed),
            Run = parsed.GetValue(_run),
            Key = parsed.GetValue(_key),
            DestinationName = parsed.GetValue(_destination),
            First = first + 1L, // one more says whether there are more
        };
        var found = await context.Engine.FindRowsAsync(request, null, cancellationToken);
        var rows = await found.Rows.ToListAsync(cancellationToken);
        if (rows.Count == 0)
        {
            context.Out.Line(RowsText.DescribeNone(found.Place, found.Selection, found.Run));
            return ExitCodes.Success;
        }
        var audit = rows[0].Columns.Count(ColumnNames.IsReserved);
        RowPrinter.Print(
            context.Out, rows[0].Columns, [.. rows.Take(first).Select(r => r.Values)], audit < rows[0].Columns.Count ? audit : 0);
        if (rows.Count > first && parsed.GetResult(_first) is null or { Implicit: true })
            context.Errors.Print(found.More);
        return ExitCodes.Success;
    }
}
