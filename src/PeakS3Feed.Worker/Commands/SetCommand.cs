using System.CommandLine;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed set FEED KEY=VALUE…</c></summary>
internal sealed class SetCommand : WorkerCommand
{
    private readonly Argument<string> _feed = new("FEED") { Description = "The feed." };

    private readonly Argument<string[]> _settings = new("KEY=VALUE")
    {
        Description = "Settings as in the import document: table=orders, csv.separator=Tab, schema.price.type=text, include='a*.csv,b*.csv' (a list). An empty value goes back to the default.",
        Arity = ArgumentArity.OneOrMore,
    };

    public SetCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "set", "Change settings of a feed.")
    {
        Add(_feed);
        Add(_settings);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var result = await context.Engine.SetAsync(parsed.GetRequiredValue(_feed), [.. parsed.GetRequiredValue(_settings).Select(Pair)], cancellationToken);
        foreach (var change in result.Changes)
            context.Out.Line($"{result.Feed.Name}: {change.Key}: {change.Before ?? "(default)"} -> {change.After ?? "(default)"}");
        return ExitCodes.Success;
    }

    private static KeyValuePair<string, string> Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new(text[..equals], text[(equals + 1)..]) : throw WorkerErrors.NotASetting(text);
    }
}
