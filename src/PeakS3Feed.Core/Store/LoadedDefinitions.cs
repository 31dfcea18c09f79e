using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Store.Documents;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Store;

/// <summary>Definitions together with the document they were read from, which knows more than they do.</summary>
internal sealed record LoadedDefinitions(StoreDefinitions Definitions, DefinitionsDocument Document, FormatVersion Version)
{
    /// <summary>A store that was never written.</summary>
    public static LoadedDefinitions Nothing { get; } = new(StoreDefinitions.Empty, new DefinitionsDocument(), FormatVersion.Current);

    /// <summary>The definitions of a document, or the first thing that is wrong with it.</summary>
    public static (LoadedDefinitions? Loaded, DocumentProblem? Problem) From(ParsedDocument parsed)
    {
        if (!parsed.IsReadable) return (null, parsed.Problems[0]);
        var document = parsed.Document;
        var found = new List<DocumentProblem>();
        var destinations = Map(document.Destinations, "destinations", DestinationMapping.ToDefinition, parsed, found);
        var triggers = Map(document.Triggers, "triggers", Trigger, parsed, found);
        var watchers = Map(document.Watchers, "watchers", Watcher, parsed, found);
        var definitions = new StoreDefinitions
        {
            Connections = [.. Map(document.Connections, "connections", ConnectionMapping.ToDefinition, parsed, found)],
            Feeds = [.. Map(document.Feeds, "feeds", Feed, parsed, found)],
            Destinations = [.. destinations.OfType<S3FeedDestination>()],
            Triggers = [.. triggers.OfType<S3FeedTrigger>()],
            Watchers = [.. watchers.OfType<S3FeedWatcher>()],
        };
        return found.Count > 0 ? (null, found[0]) : (new(definitions, document, parsed.Version), null);
    }

    /// <summary>The document to write for the next definitions: theirs, and what the last one held that we do not know.</summary>
    public DefinitionsDocument Next(StoreDefinitions definitions)
    {
        var next = DefinitionsDocuments.Of(definitions);
        next.FormatVersion = (Version > FormatVersion.Current ? Version : FormatVersion.Current).ToString();
        UnknownMembers.Carry(Document, next);
        return next;
    }

    private static Feeds.S3Feed Feed(FeedDocument document, List<DefinitionProblem> problems)
    {
        DemandId(document.Id, "feed", problems);
        return FeedMapping.ToDefinition(document, problems);
    }

    private static S3FeedTrigger? Trigger(TriggerDocument document, List<DefinitionProblem> problems)
    {
        DemandId(document.Id, "trigger", problems);
        return TriggerMapping.ToDefinition(document, problems);
    }

    private static S3FeedWatcher? Watcher(WatcherDocument document, List<DefinitionProblem> problems)
    {
        DemandId(document.Id, "watcher", problems);
        return WatcherMapping.ToDefinition(document, problems);
    }

    // Made up anew at each reading, the id would cut a feed off from its ledger, a trigger from its fires, and a watcher from what it told.
    private static void DemandId(Guid? id, string kind, List<DefinitionProblem> problems)
    {
        if (id is null) problems.Add(new("Id", $"id is missing; a {kind} without one can only be imported."));
    }

    private static IEnumerable<TDefinition> Map<TDocument, TDefinition>(
        List<TDocument>? documents,
        string member,
        Func<TDocument, List<DefinitionProblem>, TDefinition> map,
        ParsedDocument parsed,
        List<DocumentProblem> found)
    {
        for (var i = 0; i < (documents?.Count ?? 0); i++)
        {
            var problems = new List<DefinitionProblem>();
            yield return map(documents![i], problems);
            var path = JsonPositions.Element("$." + member, i);
            found.AddRange(problems.Select(p => ProblemPaths.Place(p, path, parsed.Positions)));
        }
    }
}
