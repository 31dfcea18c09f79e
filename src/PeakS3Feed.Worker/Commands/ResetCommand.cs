using System.CommandLine;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed reset FEED</c></summary>
internal sealed class ResetCommand : WorkerCommand
{
    private readonly Argument<string> _feed = new("FEED") { Description = "The feed." };

    private readonly Option<bool> _dropTable = new("--drop-table") { Description = "Also drop the feed's table, with all rows." };

    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask for confirmation." };

    public ResetCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "reset", "Reset a feed: what it has loaded no longer counts. With --drop-table, its next run loads everything again.")
    {
        Add(_feed);
        Add(_dropTable);
        Add(_yes);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var feed = parsed.GetRequiredValue(_feed);
        var dropTable = parsed.GetValue(_dropTable);
        if (!parsed.GetValue(_yes) && !await ConfirmAsync(context, feed, dropTable, cancellationToken))
        {
            context.Out.Line("Nothing changed.");
            return ExitCodes.Canceled;
        }
        await context.Engine.ResetAsync(feed, dropTable, cancellationToken);
        context.Out.Line($"Feed {feed} has forgotten what it loaded{(dropTable ? ", and its table is dropped" : "; the rows in its table stay")}.");
        return ExitCodes.Success;
    }

    private async Task<bool> ConfirmAsync(CommandContext context, string feed, bool dropTable, CancellationToken cancellationToken)
    {
        if (!Host.CanAsk)
            throw WorkerErrors.NotConfirmed(feed, dropTable);
        context.Error.Line(
            ResetText.Describe(await context.Engine.FindTableUsesAsync(feed, dropTable, cancellationToken), dropTable, inShell: true) + ".");
        await Host.Error.Writer.WriteAsync("Continue? [y/N] ");
        using var input = new StreamReader(Host.OpenInput());
        var answer = await input.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken); // a console's read ignores cancellation
        return answer?.Trim() is "y" or "Y" or "yes";
    }
}
