using PeakS3Feed.Access;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Direct;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <content>IAM policies, and the set-up of destinations.</content>
public sealed partial class FeedEngine
{
    /// <summary>Creates the IAM documents of a connection whose objects feeds read.</summary>
    /// <param name="name">The connection, in any state.</param>
    /// <param name="trustedPrincipal">
    /// The principal that may assume the role; null for the connection's, otherwise that of the base credentials.
    /// </param>
    /// <param name="accessKey">Base credentials for this call only, or null.</param>
    /// <param name="cancellationToken">Cancels the call to STS.</param>
    /// <exception cref="FeedException">
    /// <c>ConnectionNotFound</c>, <c>ConnectionInvalid</c>, <c>PolicyPurposeUnclear</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>,
    /// <c>PrincipalUnknown</c>, <c>PrincipalUnusable</c>.
    /// </exception>
    public Task<S3FeedPolicy> PolicyAsync(string name, string? trustedPrincipal, AccessKey? accessKey, CancellationToken cancellationToken)
        => PolicyAsync(name, PolicyPurpose.Source, trustedPrincipal, accessKey, cancellationToken);

    /// <inheritdoc cref="PolicyAsync(string, PolicyPurpose, string?, string?, AccessKey?, CancellationToken)"/>
    public Task<S3FeedPolicy> PolicyAsync(
        string name, PolicyPurpose purpose, string? trustedPrincipal, AccessKey? accessKey, CancellationToken cancellationToken)
        => PolicyAsync(name, purpose, trustedPrincipal, externalId: null, accessKey, cancellationToken);

    /// <summary>Creates the IAM documents of a connection or a destination.</summary>
    /// <param name="name">
    /// The connection for <see cref="PolicyPurpose.Source"/>, the trigger for <see cref="PolicyPurpose.Queue"/>, otherwise the destination.
    /// </param>
    /// <param name="purpose">What the documents are for.</param>
    /// <param name="trustedPrincipal">
    /// The principal that may assume the role of a connection; null for the connection's, otherwise that of the base credentials. For
    /// <see cref="PolicyPurpose.Copy"/> of Snowflake, the user of the storage integration; null while it is not known.
    /// </param>
    /// <param name="externalId">
    /// The external id that the trust policy requires; null for the connection's. For <see cref="PolicyPurpose.Copy"/> of Snowflake, that of the
    /// storage integration; null while it is not known.
    /// </param>
    /// <param name="accessKey">Base credentials for this call only, or null.</param>
    /// <param name="cancellationToken">Cancels the call to STS.</param>
    /// <exception cref="FeedException">
    /// <c>ConnectionNotFound</c>, <c>DestinationNotFound</c>, <c>TriggerNotFound</c>, <c>ConnectionInvalid</c>, <c>PolicyPurposeUnclear</c>,
    /// <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>, <c>PrincipalUnknown</c>, <c>PrincipalUnusable</c>.
    /// </exception>
    public async Task<S3FeedPolicy> PolicyAsync(
        string name, PolicyPurpose purpose, string? trustedPrincipal, string? externalId, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var definitions = await Store.ReadAsync(cancellationToken);
        var factory = new PolicyFactory(accessKey, _options.Loggers, _options.Time);
        if (purpose == PolicyPurpose.Source)
        {
            if (definitions.FindConnection(name) is null && definitions.FindDestination(name) is { } found
                && KindOf(found).PolicyPurposes is { Count: > 0 } all)
                throw EngineErrors.PurposeMissing(found.Name, all);
            return await factory.CreateAsync(Trusting(definitions.GetConnection(name)), cancellationToken);
        }

        if (purpose == PolicyPurpose.Queue)
        {
            if ((trustedPrincipal ?? externalId) is not null)
                throw PolicyErrors.PrincipalNotChosen(name);
            return QueuePolicies.Create(definitions, definitions.GetTrigger(name));
        }
        var destination = GetDestination(definitions, name, purpose);
        var kind = KindOf(destination);
        var takesTrust = kind.TakesTrustedParty(purpose);
        var isOfConnection = purpose is PolicyPurpose.Staging or PolicyPurpose.Table;
        if ((trustedPrincipal ?? externalId) is not null && !isOfConnection && !takesTrust)
            throw PolicyErrors.PrincipalNotChosen(destination.Name, purpose);
        var reference = kind.Connections(destination).First(r => r.StagingPrefix is not null);
        var connection = GetStagingConnection(definitions, destination, reference.Name);
        if (!isOfConnection)
        {
            var trusted = takesTrust ? GetTrustedParty(destination, trustedPrincipal, externalId) : null;
            return kind.CreatePolicy(destination, purpose, new(connection, FindSources(definitions, destination)), trusted);
        }
        connection = Trusting(connection);
        var isSource = definitions.Feeds.Any(f => definitions.FindConnection(f.ConnectionName)?.Name == connection.Name);
        var key = reference.KmsKeyArn ?? connection.KmsKeyArn;
        var place = new BucketPrefix(connection with { KmsKeyArn = key }, connection.RootPrefix + reference.StagingPrefix);
        return purpose == PolicyPurpose.Table
            ? await factory.CreateForTablesAsync(place, destination.Name, isSource, cancellationToken)
            : await factory.CreateForStagingAsync(place, destination.Name, isSource, cancellationToken);

        S3Connection Trusting(S3Connection c)
            => c with { TrustedPrincipal = trustedPrincipal ?? c.TrustedPrincipal, ExternalId = externalId ?? c.ExternalId };
    }

    /// <summary>Creates the set-up of what a destination needs outside of this program. Sends no request.</summary>
    /// <param name="name">The destination.</param>
    /// <param name="trustedPrincipal">The user of Snowflake's storage integration; null while it is not known.</param>
    /// <param name="externalId">The external id of the storage integration; null while it is not known.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="FeedException">
    /// <c>DestinationNotFound</c>, <c>DestinationInvalid</c>, <c>ConnectionNotFound</c>, <c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>,
    /// <c>PolicyBucketUnknown</c>, <c>PrincipalUnusable</c>; <c>SetupNotNeeded</c> for a kind without a set-up.
    /// </exception>
    public async Task<S3FeedSetup> SetupAsync(string name, string? trustedPrincipal, string? externalId, CancellationToken cancellationToken)
    {
        var definitions = await Store.ReadAsync(cancellationToken);
        var destination = definitions.GetDestination(name);
        var kind = KindOf(destination);
        if (!kind.HasSetup)
            throw EngineErrors.SetupNotNeeded(destination, kind.PolicyPurposes);
        _options.Kinds.ThrowIfInvalid(destination);
        var reference = kind.Connections(destination).First(r => r.StagingPrefix is not null);
        var connection = GetStagingConnection(definitions, destination, reference.Name);
        var read = new ReadConnections(connection, FindSources(definitions, destination));
        return kind.CreateSetup(destination, read, GetTrustedParty(destination, trustedPrincipal, externalId));
    }

    private static TrustedParty? GetTrustedParty(S3FeedDestination destination, string? principal, string? externalId)
        => (principal, externalId) switch
        {
            (null, null) => null,
            ({ } who, { } id) => new(who, id),
            _ => throw PolicyErrors.TrustIncomplete(destination.Name),
        };

    private static S3Connection GetStagingConnection(StoreDefinitions definitions, S3FeedDestination destination, string name)
        => definitions.FindConnection(name) ?? throw DefinitionErrors.NamedNotFound(
            "Connection", name, definitions.Connections.Select(c => c.Name), "Destination", destination.Name);

    private S3Connection[] FindSources(StoreDefinitions definitions, S3FeedDestination destination)
    {
        if (!KindOf(destination).MayLoadObjects(destination))
            return [];
        return [.. definitions.Feeds
            .Where(f => DirectRules.IsPrepared(f) && definitions.FindDestination(f.DestinationNames[0])?.Name == destination.Name)
            .Select(f => definitions.FindConnection(f.ConnectionName))
            .OfType<S3Connection>()
            .Where(c => c is { IsOnAmazon: true, RequesterPays: false })
            .DistinctBy(c => c.Name, StringComparer.Ordinal)];
    }

    private DestinationKind KindOf(S3FeedDestination destination) => _options.Kinds.KindOf(destination);

    private S3FeedDestination GetDestination(StoreDefinitions definitions, string name, PolicyPurpose purpose)
    {
        if (definitions.FindDestination(name) is null && definitions.FindConnection(name) is { } connection)
        {
            var users = definitions.Destinations
                .Where(d => KindOf(d).Connections(d).Any(r => r.StagingPrefix is not null && definitions.FindConnection(r.Name) == connection))
                .Select(d => d.Name);
            throw EngineErrors.PurposeNeedsDestination(connection.Name, purpose, users);
        }
        var destination = definitions.GetDestination(name);
        return KindOf(destination).PolicyPurposes.Contains(purpose) ? destination : throw EngineErrors.DestinationNeedsNoPolicy(destination, purpose);
    }
}
