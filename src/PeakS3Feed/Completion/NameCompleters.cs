using System.Collections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Store;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the names of connections.</summary>
public sealed class ConnectionNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => GetConnections(definitions);

    internal static IEnumerable<Candidate> GetConnections(StoreDefinitions definitions) => definitions.Connections
        .OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase)
        .Select(c => new Candidate(c.Name, $"s3://{c.BucketName}/{c.RootPath.TrimStart('/')}"));
}

/// <summary>Completes the names of destinations, including <c>local</c>.</summary>
public sealed class DestinationNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Destinations
        .Append(StoreDefinitions.Local)
        .OrderBy(d => d.Name, StringComparer.OrdinalIgnoreCase)
        .Select(d => new Candidate(d.Name, d.Kind));
}

/// <summary>
/// Completes the names that <c>Get-S3FeedPolicy</c> takes: connections for the policy of a source, otherwise destinations that have policies.
/// </summary>
public sealed class PolicyNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given)
        => !Enum.TryParse<PolicyPurpose>(given["For"]?.ToString(), ignoreCase: true, out var purpose) || purpose == PolicyPurpose.Source
            ? ConnectionNameCompleter.GetConnections(definitions)
            : purpose == PolicyPurpose.Queue
            ? definitions.Triggers.Where(t => t.Queue is not null).OrderBy(t => t.Name, StringComparer.OrdinalIgnoreCase)
                .Select(t => new Candidate(t.Name, t.Queue!))
            : definitions.Destinations
                .Where(d => BuiltInDestinations.Kinds.KindOf(d).PolicyPurposes.Contains(purpose))
                .OrderBy(d => d.Name, StringComparer.OrdinalIgnoreCase)
                .Select(d => new Candidate(d.Name, d.Place));
}

/// <summary>Completes the names of destinations that have a set-up.</summary>
public sealed class SetupNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Destinations
        .Where(d => BuiltInDestinations.Kinds.KindOf(d).HasSetup)
        .OrderBy(d => d.Name, StringComparer.OrdinalIgnoreCase)
        .Select(d => new Candidate(d.Name, d.Place));
}

/// <summary>Completes the names of feeds.</summary>
public sealed class FeedNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Feeds
        .OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase)
        .Select(f => new Candidate(f.Name, $"{f.LoadType} from {f.ConnectionName} into {f.TableName}"));
}

/// <summary>Completes the tags of the store's feeds.</summary>
public sealed class TagCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Feeds
        .SelectMany(f => f.Tags, (feed, tag) => (Tag: tag, Feed: feed.Name))
        .GroupBy(t => t.Tag, StringComparer.OrdinalIgnoreCase)
        .OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase)
        .Select(g => new Candidate(g.Key, string.Join(", ", g.Select(t => t.Feed))));
}

/// <summary>Completes the names of triggers.</summary>
public sealed class TriggerNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Triggers
        .OrderBy(t => t.Name, StringComparer.OrdinalIgnoreCase)
        .Select(t => new Candidate(t.Name, $"{t.FeedName}: {TriggerText.Describe(t)}"));
}

/// <summary>Completes the names of watchers.</summary>
public sealed class WatcherNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Watchers
        .OrderBy(w => w.Name, StringComparer.OrdinalIgnoreCase)
        .Select(w => new Candidate(w.Name, $"{w.FeedName}: {string.Join(", ", w.Events)}"));
}
