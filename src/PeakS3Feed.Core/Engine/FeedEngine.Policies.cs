using PeakS3Feed.Access;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <content>IAM policies.</content>
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

    /// <summary>Creates the IAM documents of a connection or a destination.</summary>
    /// <param name="name">The connection for <see cref="PolicyPurpose.Source"/>, otherwise the destination.</param>
    /// <param name="purpose">What the documents are for.</param>
    /// <param name="trustedPrincipal">
    /// The principal that may assume the role of a connection; null for the connection's, otherwise that of the base credentials.
    /// </param>
    /// <param name="accessKey">Base credentials for this call only, or null.</param>
    /// <param name="cancellationToken">Cancels the call to STS.</param>
    /// <exception cref="FeedException">
    /// <c>ConnectionNotFound</c>, <c>DestinationNotFound</c>, <c>ConnectionInvalid</c>, <c>PolicyPurposeUnclear</c>, <c>PolicyNotNeeded</c>,
    /// <c>PolicyBucketUnknown</c>, <c>PrincipalUnknown</c>, <c>PrincipalUnusable</c>.
    /// </exception>
    public async Task<S3FeedPolicy> PolicyAsync(
        string name, PolicyPurpose purpose, string? trustedPrincipal, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var definitions = await Store.ReadAsync(cancellationToken);
        var factory = new PolicyFactory(accessKey, _options.Loggers, _options.Time);
        if (purpose == PolicyPurpose.Source)
        {
            if (definitions.FindConnection(name) is null && definitions.FindDestination(name) is { } found
                && KindOf(found).PolicyPurposes is { Count: > 0 } all)
                throw EngineErrors.PurposeMissing(found.Name, all);
            var source = definitions.GetConnection(name);
            return await factory.CreateAsync(source with { TrustedPrincipal = trustedPrincipal ?? source.TrustedPrincipal }, cancellationToken);
        }

        var destination = GetDestination(definitions, name, purpose);
        if (trustedPrincipal is not null && purpose != PolicyPurpose.Staging)
            throw PolicyErrors.PrincipalNotChosen(destination.Name, purpose);
        var kind = KindOf(destination);
        var (_, connectionName, prefix) = kind.Connections(destination).First(r => r.StagingPrefix is not null);
        var connection = definitions.FindConnection(connectionName) ?? throw DefinitionErrors.NamedNotFound(
            "Connection", connectionName, definitions.Connections.Select(c => c.Name), "Destination", destination.Name);
        if (purpose != PolicyPurpose.Staging)
            return kind.CreatePolicy(destination, purpose, connection);
        connection = connection with { TrustedPrincipal = trustedPrincipal ?? connection.TrustedPrincipal };
        var isSource = definitions.Feeds.Any(f => definitions.FindConnection(f.ConnectionName)?.Name == connection.Name);
        return await factory.CreateForStagingAsync(
            new BucketPrefix(connection, connection.RootPrefix + prefix), destination.Name, isSource, cancellationToken);
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
