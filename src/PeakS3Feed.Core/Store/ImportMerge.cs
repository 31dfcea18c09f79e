using System.Text.Json;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Store;

/// <summary>Merges a document into the definitions of a store. Connections and destinations come first, because feeds name them.</summary>
internal sealed class ImportMerge
{
    private readonly StoreDefinitions _current;
    private readonly ParsedDefinitions _parsed;
    private readonly DefinitionFormat _format;
    private readonly MissingMembers _missing;
    private readonly bool _keeps;
    private readonly DateTimeOffset _now;

    /// <param name="current">The store.</param>
    /// <param name="parsed">The document.</param>
    /// <param name="format">The format of the store.</param>
    /// <param name="keepsFoundSettings">
    /// Whether a feed's table, schema and separator, and a connection's external id, stay if the document leaves them out.
    /// </param>
    /// <param name="time">The clock, for new triggers and watchers; null for the system's.</param>
    public ImportMerge(
        StoreDefinitions current, ParsedDefinitions parsed, DefinitionFormat format, bool keepsFoundSettings = true, TimeProvider? time = null)
    {
        _now = (time ?? TimeProvider.System).GetUtcNow();
        _current = current;
        _parsed = parsed;
        _format = format;
        _missing = new(format);
        _keeps = keepsFoundSettings;
        Result = current;
    }

    /// <summary>The definitions after the merge.</summary>
    public StoreDefinitions Result { get; private set; }

    public List<ImportChange> Changes { get; } = [];

    public List<TextProblem> Problems { get; } = [];

    public void Run()
    {
        var given = _parsed.Definitions!;
        Each(given.Connections, "connections", c => c.Name, (c, _, problems) => Connection(c, problems));
        Each(given.Destinations, "destinations", d => d.Name, (d, _, problems) => Destination(d, problems));
        Each(given.Feeds, "feeds", f => f.Name, Feed);
        Each(given.Triggers, "triggers", t => t.Name, Trigger);
        Each(given.Watchers, "watchers", w => w.Name, Watcher);
        for (var i = 0; i < given.Connections.Count; i++)
        {
            foreach (var problem in DefinitionEditor.CheckUses(_current, Result, given.Connections[i].Name, _format.Kinds))
                Add(problem, "connections", i);
        }

        Result = DefinitionEditor.ResetTriggers(_current, Result, _now);
        if (Changes.All(c => c.Outcome == ImportOutcome.Unchanged)) Result = _current;
    }

    private void Each<T>(IReadOnlyList<T> definitions, string member, Func<T, string?> name, Action<T, JsonElement, List<DefinitionProblem>> import)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < definitions.Count; i++)
        {
            var text = _parsed.Element(member, i);
            var problems = _missing.Find(member, text);
            if (name(definitions[i]) is { Length: > 0 } given && !seen.Add(given))
                problems.Insert(0, new("Name", $"The document has the name \"{given}\" twice. Names must differ by more than case."));
            import(definitions[i], text, problems);
            problems.ForEach(p => Add(p, member, i));
        }
    }

    private void Add(DefinitionProblem problem, string member, int index)
        => Problems.Add(TextProblem.From(problem, JsonPositions.Element("$." + member, index), _parsed.Positions));

    private void Connection(S3Connection given, List<DefinitionProblem> problems)
    {
        var old = _current.FindConnection(given.Name);
        var connection = DefinitionEditor.Prepare(old, given with { ExternalId = given.ExternalId ?? (_keeps ? old?.ExternalId : null) });
        if (problems.Count == 0) problems.AddRange(connection.Validate());
        Result = Result.With(connection);
        Record("connection", connection.Name, old is not null, old == connection, old is not null && S3FeedPolicy.IsOutdated(old, connection));
    }

    private void Destination(S3FeedDestination destination, List<DefinitionProblem> problems)
    {
        if (problems.Count == 0) problems.AddRange(_format.Kinds.Check(destination));
        if (problems.Count == 0) problems.AddRange(CheckConnections(destination));
        var old = _current.Destinations.FirstOrDefault(d => string.Equals(d.Name, destination.Name, StringComparison.OrdinalIgnoreCase));
        if (old is not null) destination = destination with { Name = old.Name };
        Result = Result.With(destination);
        Record("destination", destination.Name, old is not null, old is not null && _format.AreSame(old, destination));
    }

    // Connections come first in a document, so those of the document are in the result.
    private IEnumerable<DefinitionProblem> CheckConnections(S3FeedDestination destination) => _format.Kinds.Connections(destination).SelectMany(
        r => Result.FindConnection(r.Name) is { } connection
            ? _format.Kinds.CheckConnection(destination, connection).Select(p => p with { Field = r.Field })
            : [Missing(r.Field, "connection", r.Name, Result.Connections.Select(c => c.Name))]);

    private void Feed(S3Feed given, JsonElement text, List<DefinitionProblem> problems)
    {
        var hasId = MissingMembers.Has(text, "id");
        var named = _current.FindFeed(given.Name);
        var old = !hasId ? named : _current.FindFeed(given.Id) ?? named;
        var feed = MisreadColumns.Forget(old, DefinitionEditor.KeepTable(old, _keeps ? Keep(text, given, old) : given));
        if (named is not null && named.Id != old?.Id)
            problems.Add(new(
                "Name",
                $"The feed with this id would get the name of another feed, \"{named.Name}\".",
                "Leave the id out to change the other feed, or use another name."));
        else if (Result.FindFeed(feed.Id) is { } other && !ReferenceEquals(other, old))
            problems.Add(new("Id", "The document has this id twice."));
        if (problems.Count == 0) problems.AddRange(FeedRules.Check(feed, Result.FindConnection(feed.ConnectionName)));
        if (feed.ConnectionName.Length > 0 && Result.FindConnection(feed.ConnectionName) is null)
            problems.Add(Missing(nameof(feed.ConnectionName), "connection", feed.ConnectionName, Result.Connections.Select(c => c.Name)));
        foreach (var name in feed.DestinationNames.Where(n => Result.FindDestination(n) is null))
            problems.Add(Missing(
                nameof(feed.DestinationNames), "destination", name, Result.Destinations.Select(d => d.Name).Append(StoreDefinitions.LocalName)));
        if (problems.Count == 0)
        {
            IReadOnlyList<S3FeedDestination> destinations = [.. feed.DestinationNames.Select(Result.GetDestination)];
            problems.AddRange(_format.Kinds.CheckTable(feed.TableName, feed.PartitionBy.Count > 0, destinations));
        }
        Result = (old is null ? Result : Result.WithReplaced(old.Id, feed)).With(feed);
        Record("feed", feed.Name, old is not null, old is not null && DefinitionEditor.Same(old, feed));
    }

    private void Trigger(S3FeedTrigger given, JsonElement text, List<DefinitionProblem> problems)
    {
        var named = Result.FindTrigger(given.Name);
        var old = !MissingMembers.Has(text, "id") ? named : Result.FindTrigger(given.Id) ?? named;
        if (named is not null && named.Id != old?.Id) problems.Add(NameTaken("trigger", given.Name));
        var trigger = DefinitionEditor.Prepare(
            old,
            given with { Id = old?.Id ?? given.Id, SecretHash = given.SecretHash ?? (given.Kind == TriggerKind.Webhook ? old?.SecretHash : null) },
            _now);
        if (problems.Count == 0) problems.AddRange(TriggerRules.Check(trigger));
        if (FindFeed(trigger.FeedName, problems) is { } feed) trigger = trigger with { FeedName = feed.Name };
        if (problems.Count == 0 && QueueTriggerRules.Check(Result, trigger) is { } unusable) problems.Add(unusable);
        Result = Result.With(trigger);
        Record("trigger", trigger.Name, old is not null, old is not null && DefinitionEditor.Same(old, trigger));
    }

    private void Watcher(S3FeedWatcher given, JsonElement text, List<DefinitionProblem> problems)
    {
        var named = Result.FindWatcher(given.Name);
        var old = !MissingMembers.Has(text, "id") ? named : Result.FindWatcher(given.Id) ?? named;
        if (named is not null && named.Id != old?.Id) problems.Add(NameTaken("watcher", given.Name));
        var watcher = DefinitionEditor.Prepare(old, given with { Id = old?.Id ?? given.Id }, _now);
        if (problems.Count == 0) problems.AddRange(WatcherRules.Check(watcher));
        if (!watcher.WatchesAll && FindFeed(watcher.FeedName, problems) is { } feed) watcher = watcher with { FeedName = feed.Name };
        Result = Result.With(watcher);
        Record("watcher", watcher.Name, old is not null, old is not null && DefinitionEditor.Same(old, watcher));
    }

    private S3Feed? FindFeed(string name, List<DefinitionProblem> problems)
    {
        var feed = Result.FindFeed(name);
        if (feed is null && name.Length > 0) problems.Add(Missing(nameof(S3FeedTrigger.FeedName), "feed", name, Result.Feeds.Select(f => f.Name)));
        return feed;
    }

    private static DefinitionProblem NameTaken(string kind, string name) => new(
        "Name", $"The {kind} with this id would get the name of another {kind}, \"{name}\".",
        $"Leave the id out to change the other {kind}, or use another name.");

    private static S3Feed Keep(JsonElement text, S3Feed given, S3Feed? old) => old is null ? given : given with
    {
        Id = MissingMembers.Has(text, "id") ? given.Id : old.Id,
        Table = given.Table ?? old.Table,
        Schema = given.Schema ?? old.Schema,
        Csv = KeepLineEnd(text, KeepsSeparator(given, old) ? given.Csv with { Separator = old.Csv.Separator } : given.Csv, old),
    };

    // A document without lineEnd does not change an old feed, from before the setting existed.
    private static CsvOptions KeepLineEnd(JsonElement text, CsvOptions csv, S3Feed old)
        => !MissingMembers.Has(text, "csv", "lineEnd") && old.Csv.LineEnd == CsvLineEndRule.First ? csv with { LineEnd = CsvLineEndRule.First } : csv;

    // Keeps a detected separator, and the comma of older formats, if the document does not name a separator.
    private static bool KeepsSeparator(S3Feed given, S3Feed old) => given.FileType == FileType.Csv && !old.Csv.IsSeparatorUnset
        && (given.Csv.Separator is null || (given.Csv.IsSeparatorUnset && old.Csv.Separator == ","));

    private static DefinitionProblem Missing(string field, string kind, string name, IEnumerable<string> known) => new(
        field,
        $"There is no {kind} \"{name}\", neither in the document nor in the store.",
        NearestName.Ask(name, known));

    private void Record(string kind, string name, bool existed, bool same, bool outdatesPolicy = false) => Changes.Add(
        new(kind, name, !existed ? ImportOutcome.Added : same ? ImportOutcome.Unchanged : ImportOutcome.Changed) { OutdatesPolicy = outdatesPolicy });
}
