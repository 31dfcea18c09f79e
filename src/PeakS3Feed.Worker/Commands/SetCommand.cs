using System.CommandLine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;
using PeakS3Feed.Worker.Output;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed set NAME KEY=VALUE…</c></summary>
internal sealed class SetCommand : WorkerCommand
{
    private readonly Argument<string> _name = new("NAME")
    {
        Description = "A feed, a connection, a destination or a trigger. Where several have the name, the keys decide.",
    };

    private readonly Argument<string[]> _settings = new("KEY=VALUE")
    {
        Description = "Settings as in the import document: table=orders, csv.separator=Tab, schema.price.type=text, "
            + "include='a*.csv,b*.csv' (a list). An empty value returns to the default.",
        Arity = ArgumentArity.OneOrMore,
    };

    public SetCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "set", "Change settings of a feed, a connection, a destination or a trigger.")
    {
        Add(_name);
        Add(_settings);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetRequiredValue(_name);
        List<KeyValuePair<string, string>> settings = [.. parsed.GetRequiredValue(_settings).Select(Pair)];
        var definitions = await context.Engine.Store.ReadAsync(cancellationToken);
        var editor = context.Engine.Definitions;
        var (feed, connection, destination) = (definitions.FindFeed(name), definitions.FindConnection(name), definitions.FindDestination(name));
        if (connection is not null && ((feed is null && destination is null) || settings.TrueForAll(s => editor.HasSetting(connection, s.Key))))
            return await SetConnectionAsync(context, connection.Name, settings, cancellationToken);
        if (destination is not null && ((feed is null && connection is null) || settings.TrueForAll(s => editor.HasSetting(destination, s.Key))))
        {
            Print(context, destination.Name, (await editor.SetDestinationAsync(destination.Name, settings, cancellationToken)).Changes);
            return ExitCodes.Success;
        }
        if (definitions.FindTrigger(name) is { } trigger && (feed is null || !settings.TrueForAll(s => editor.HasSetting(feed, s.Key)))
            && ((feed, connection, destination) is (null, null, null) || settings.TrueForAll(s => editor.HasSetting(trigger, s.Key))))
        {
            Print(context, trigger.Name, (await editor.SetTriggerAsync(trigger.Name, settings, cancellationToken)).Changes);
            return ExitCodes.Success;
        }
        if (feed is null)
        {
            return connection is not null
                ? await SetConnectionAsync(context, connection.Name, settings, cancellationToken)
                : throw WorkerErrors.NothingOfThatName(["feed", "connection", "destination", "trigger"], name, Known(definitions));
        }

        var result = await editor.SetFeedAsync(name, settings, cancellationToken);
        Print(context, result.Now.Name, result.Changes);
        foreach (var consequence in FeedConsequences.Find(result.Before, result.Now).Where(c => c.Remedy is not null))
        {
            context.Out.Line(consequence.Text, indent: 2);
            context.Errors.Next(context.Out, 4, [consequence.Remedy!]);
        }

        return ExitCodes.Success;
    }

    private static async Task<int> SetConnectionAsync(
        CommandContext context, string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        var edit = await context.Engine.Definitions.SetConnectionAsync(name, settings, cancellationToken);
        Print(context, name, edit.Changes);
        if (edit.OutdatesPolicy)
            PolicyPrinter.PrintOutdated(context.Out, context.Errors, name);
        return ExitCodes.Success;
    }

    private static List<string> Known(StoreDefinitions definitions)
        => [.. definitions.Feeds.Select(f => f.Name)
            .Concat(definitions.Connections.Select(c => c.Name))
            .Concat(definitions.Destinations.Select(d => d.Name))
            .Concat(definitions.Triggers.Select(t => t.Name))
            .Order(StringComparer.OrdinalIgnoreCase)];

    private static void Print(CommandContext context, string name, IReadOnlyList<SettingChange> changes)
    {
        foreach (var change in changes)
            context.Out.Line($"{name}: {SettingText.Describe(change)}");
    }

    private static KeyValuePair<string, string> Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new(text[..equals], text[(equals + 1)..]) : throw WorkerErrors.NotASetting(text);
    }
}
