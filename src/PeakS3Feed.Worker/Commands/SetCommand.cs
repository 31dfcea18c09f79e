using System.CommandLine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed set NAME KEY=VALUE…</c></summary>
internal sealed class SetCommand : WorkerCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "A feed or a connection. Where both have the name, the keys tell which is meant." };

    private readonly Argument<string[]> _settings = new("KEY=VALUE")
    {
        Description = "Settings as in the import document: table=orders, csv.separator=Tab, schema.price.type=text, include='a*.csv,b*.csv' (a list). An empty value goes back to the default.",
        Arity = ArgumentArity.OneOrMore,
    };

    public SetCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "set", "Change settings of a feed or a connection.")
    {
        Add(_name);
        Add(_settings);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetRequiredValue(_name);
        List<KeyValuePair<string, string>> settings = [.. parsed.GetRequiredValue(_settings).Select(Pair)];
        var definitions = await context.Engine.Store.ReadAsync(cancellationToken);
        if (definitions.FindConnection(name) is { } connection && (definitions.FindFeed(name) is null || settings.TrueForAll(s => ConnectionEdit.Knows(s.Key))))
        {
            var edit = await context.Engine.SetConnectionAsync(name, settings, cancellationToken);
            Print(context, connection.Name, edit.Changes);
            if (edit.OutdatesPolicy)
                PolicyPrinter.PrintOutdated(context.Out, connection.Name);
            return ExitCodes.Success;
        }
        if (definitions.FindFeed(name) is null)
            throw WorkerErrors.NothingOfThatName("feed", "connection", name, Known(definitions));
        var result = await context.Engine.SetAsync(name, settings, cancellationToken);
        Print(context, result.Feed.Name, result.Changes);
        foreach (var consequence in FeedConsequences.Of(result.Before, result.Feed).Where(c => c.Remedy is not null))
        {
            context.Out.Line(consequence.Text, indent: 2);
            context.Out.Verbatim(consequence.Remedy!.Shell!, indent: 4);
        }

        return ExitCodes.Success;
    }

    private static List<string> Known(StoreDefinitions definitions)
        => [.. definitions.Feeds.Select(f => f.Name).Concat(definitions.Connections.Select(c => c.Name)).Order(StringComparer.OrdinalIgnoreCase)];

    private static void Print(CommandContext context, string name, IReadOnlyList<SettingChange> changes)
    {
        foreach (var change in changes)
            context.Out.Line($"{name}: {change.Key}: {change.Before ?? "(default)"} -> {change.After ?? "(default)"}");
    }

    private static KeyValuePair<string, string> Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new(text[..equals], text[(equals + 1)..]) : throw WorkerErrors.NotASetting(text);
    }
}
