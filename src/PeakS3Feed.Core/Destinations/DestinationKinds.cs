using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations;

/// <summary>The kinds of destination that a store and an engine know. Immutable.</summary>
public sealed class DestinationKinds
{
    /// <summary>The name of the destination that exists without being defined.</summary>
    public const string LocalName = "local";

    private readonly DestinationKind[] _kinds;

    /// <summary>Registers kinds.</summary>
    /// <exception cref="ArgumentException">Two kinds have the same name or the same type of definitions.</exception>
    public DestinationKinds(IEnumerable<DestinationKind> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        _kinds = [.. kinds];
        for (var i = 1; i < _kinds.Length; i++)
        {
            var kind = _kinds[i];
            if (_kinds.Take(i).Any(k => k.Name.Equals(kind.Name, StringComparison.OrdinalIgnoreCase) || k.DefinitionType == kind.DefinitionType))
            {
                throw new ArgumentException(
                    $"There is already a destination kind {kind.Name}, or one with definitions of type {kind.DefinitionType}.", nameof(kinds));
            }
        }
    }

    /// <summary>All kinds.</summary>
    public IReadOnlyList<DestinationKind> All => _kinds;

    /// <summary>The names of all kinds.</summary>
    public IReadOnlyList<string> Names => [.. _kinds.Select(k => k.Name)];

    /// <summary>Returns these kinds and one more.</summary>
    /// <exception cref="ArgumentException">The name or the definition's type is in use.</exception>
    public DestinationKinds With(DestinationKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new([.. _kinds, kind]);
    }

    /// <summary>The kind of that name, in any case, or null.</summary>
    public DestinationKind? Find(string name) => Array.Find(_kinds, k => string.Equals(k.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The kind of a definition.</summary>
    /// <exception cref="ArgumentException">The kind is not registered here.</exception>
    public DestinationKind KindOf(S3FeedDestination definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Array.Find(_kinds, k => k.DefinitionType == definition.GetType())
            ?? throw new ArgumentException($"No destination kind is registered for definitions of type {definition.GetType()}.", nameof(definition));
    }

    /// <summary>Checks a destination.</summary>
    /// <returns>All problems; empty when there are none. No problem repeats what was given for a secret.</returns>
    public IReadOnlyList<DefinitionProblem> Check(S3FeedDestination destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var problems = new List<DefinitionProblem>();
        if (NameRules.Check(destination.Name, nameof(destination.Name)) is { } name) problems.Add(name);
        if (string.Equals(destination.Name, LocalName, StringComparison.OrdinalIgnoreCase))
            problems.Add(new(nameof(destination.Name), "The destination \"local\" exists without being defined.", "Choose another name."));
        problems.AddRange(KindOf(destination).Check(destination));
        return problems;
    }

    /// <summary>Throws when there are problems.</summary>
    /// <exception cref="FeedException"><c>DestinationInvalid</c>: the first problem, and how many more there are.</exception>
    public void ThrowIfInvalid(S3FeedDestination destination)
    {
        if (Check(destination) is { Count: > 0 } problems) throw DefinitionErrors.Invalid("Destination", destination.Name, problems);
    }

    /// <summary>The connections that a destination names.</summary>
    public IEnumerable<ConnectionReference> Connections(S3FeedDestination destination) => KindOf(destination).Connections(destination);

    /// <summary>Checks whether a destination can use a connection, if it names it.</summary>
    /// <returns>All problems; their fields are those of the connection. Empty when there are none.</returns>
    public IReadOnlyList<DefinitionProblem> CheckConnection(S3FeedDestination destination, S3Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return Connections(destination).Any(c => string.Equals(c.Name, connection.Name, StringComparison.OrdinalIgnoreCase))
            ? [.. KindOf(destination).CheckConnection(destination, connection)]
            : [];
    }

    /// <summary>Throws when a destination cannot use a connection that it names.</summary>
    /// <exception cref="FeedException"><c>DestinationInvalid</c>: the first problem, and how many more there are.</exception>
    public void ThrowIfNotUsable(S3FeedDestination destination, S3Connection connection)
    {
        if (CheckConnection(destination, connection) is { Count: > 0 } problems)
            throw DefinitionErrors.Invalid("Destination", destination.Name, problems);
    }

    /// <summary>Throws when one feed cannot load these destinations together.</summary>
    /// <param name="feedName">The feed's name.</param>
    /// <param name="destinations">Its destinations.</param>
    /// <exception cref="FeedException"><c>DestinationsDoNotCombine</c>.</exception>
    public void ThrowIfNotCombinable(string feedName, IReadOnlyList<S3FeedDestination> destinations)
    {
        ArgumentNullException.ThrowIfNull(destinations);
        if (destinations.Count == 1)
            return;
        var kinds = destinations.Select(KindOf).ToList();
        var refusal = kinds.SelectMany(_ => kinds, (kind, other) => kind.RefusePair(other)).FirstOrDefault(r => r is not null);
        var roles = kinds.Select(k => k.PairRole).ToHashSet();
        if (refusal is not null || destinations.Count != 2 || !roles.SetEquals([PairRole.Warehouse, PairRole.Files]))
        {
            throw DefinitionErrors.DestinationsDoNotCombine(
                feedName, [.. destinations.Select(d => (d.Name, d.Kind))], refusal?.Reason, refusal?.Alternative);
        }
    }

    /// <summary>Checks whether destinations can have the table of a feed.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="hasPartitions">Whether the feed divides its table into partitions.</param>
    /// <param name="destinations">The feed's destinations.</param>
    /// <returns>All problems; their fields are those of the feed. Empty when there are none.</returns>
    public IReadOnlyList<DefinitionProblem> CheckTable(string table, bool hasPartitions, IReadOnlyList<S3FeedDestination> destinations)
    {
        ArgumentNullException.ThrowIfNull(destinations);
        var problems = destinations.SelectMany(d => KindOf(d).CheckTable(d, table, hasPartitions)).ToList();
        if (hasPartitions && !destinations.Any(d => KindOf(d).Partitions))
        {
            problems.Add(new(
                "PartitionBy",
                $"PartitionBy divides tables on S3, but {string.Join(" and ", destinations.Select(d => $"{d.Name} ({d.Kind})"))} "
                    + (destinations.Count == 1 ? "has no partitions." : "have no partitions."),
                "Leave PartitionBy out, or load into an S3External destination."));
        }
        return problems;
    }

    /// <summary>Throws when destinations cannot have the table of a feed.</summary>
    /// <param name="feedName">The feed's name.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="hasPartitions">Whether the feed divides its table into partitions.</param>
    /// <param name="destinations">The feed's destinations.</param>
    /// <exception cref="FeedException"><c>FeedInvalid</c>.</exception>
    public void ThrowIfTableUnfit(string feedName, string table, bool hasPartitions, IReadOnlyList<S3FeedDestination> destinations)
    {
        if (CheckTable(table, hasPartitions, destinations) is { Count: > 0 } problems)
            throw DefinitionErrors.Invalid("Feed", feedName, problems);
    }

    /// <summary>The references to secrets that a destination holds.</summary>
    public IEnumerable<string> Secrets(S3FeedDestination destination) => KindOf(destination).Secrets(destination);

    /// <summary>Whether two destinations are one database, so that tables of one name in them are one table.</summary>
    /// <param name="left">A destination.</param>
    /// <param name="right">Another.</param>
    /// <param name="stateDirectory">The folder that relative paths are relative to; absolute.</param>
    public bool AreSame(S3FeedDestination left, S3FeedDestination right, string stateDirectory)
    {
        var kind = KindOf(left);
        return kind == KindOf(right)
            && string.Equals(kind.Identity(left, stateDirectory), kind.Identity(right, stateDirectory), StringComparison.Ordinal);
    }

    /// <summary>The local folder that runs write to; null where a destination is not on this machine.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="stateDirectory">The folder that relative paths are relative to; absolute.</param>
    public string? Folder(S3FeedDestination destination, string stateDirectory) => KindOf(destination).Folder(destination, stateDirectory);

    /// <summary>Resolves a destination's secrets; connects to nothing yet.</summary>
    public Task<IDestination> OpenAsync(S3FeedDestination destination, DestinationContext context, CancellationToken cancellationToken)
        => KindOf(destination).OpenAsync(destination, context, cancellationToken);
}
