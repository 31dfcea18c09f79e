using System.Globalization;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// Opens channels to one warehouse: over the wire if the definition has a host, otherwise through the Data API. Owns what its sessions share. Safe
/// for concurrent use.
/// </summary>
internal sealed class RedshiftChannels : IAsyncDisposable
{
    private readonly RedshiftDestination _definition;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SignedServices _services;
    private readonly RedshiftCredentials? _credentials;
    private readonly PendingScripts _pending = new();

    /// <summary>Creates the object. Makes no request yet.</summary>
    /// <param name="definition">The destination.</param>
    /// <param name="password">The resolved password, or null.</param>
    /// <param name="loggers">Logs retries, renewals and cancellations that fail.</param>
    /// <param name="time">The clock of signatures, expiries and waits.</param>
    /// <param name="budget">The limits of retries; null for those of runs.</param>
    /// <param name="credentials">The AWS credentials instead of the definition's profile, or null.</param>
    public RedshiftChannels(
        RedshiftDestination definition, string? password, ILoggerFactory loggers, TimeProvider time, RetryBudget? budget = null,
        ICredentialSource? credentials = null)
    {
        (_definition, _time, _logger) = (definition, time, loggers.CreateLogger("PeakS3Feed.Destinations"));
        Location = CreateLocation(definition);
        Errors = new(definition, Location);
        _services = new(
            definition.Region ?? "", definition.ProfileName, definition.EndpointUrl, new RedshiftCredentialErrors(definition.Name), loggers, time,
            budget, credentials);
        if (definition.Host is not null)
            _credentials = new(Login(definition, password), _services, Location, _logger);
    }

    /// <summary>The destination, for messages: <c>Redshift dev on host:5439</c>, <c>Redshift dev in workgroup w (Data API)</c>.</summary>
    public string Location { get; }

    /// <summary>Creates the errors to show.</summary>
    public RedshiftErrors Errors { get; }

    /// <summary>Opens a channel. Over the wire it logs in; the Data API is first called by the first statement.</summary>
    /// <param name="lockName">The name of the lock of the session's feed and table. What is in doubt is settled under this name.</param>
    /// <param name="cancellationToken">Cancels the login.</param>
    /// <exception cref="PeakS3Feed.Errors.FeedException">
    /// The warehouse cannot be reached or refuses the login, or the profile does not exist.
    /// </exception>
    public async Task<IRedshiftChannel> OpenAsync(string lockName, CancellationToken cancellationToken)
    {
        var loadErrors = new RedshiftLoadErrors(_definition.Schema, _time);
        if (_credentials is null)
        {
            var client = new DataApiClient(_services.Create(DataApiClient.ServiceName), Target(_definition), Location);
            return new RedshiftDataApi(new DataApiStatements(client, _time, _logger), _pending, lockName, loadErrors, Errors);
        }
        var wire = new RedshiftWire(new RedshiftSessions(_definition, _credentials, Errors), loadErrors, Errors);
        await wire.ConnectAsync(cancellationToken);
        return wire;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _credentials?.Dispose();
        _services.Dispose();
        return ValueTask.CompletedTask;
    }

    private static RedshiftLogin Login(RedshiftDestination definition, string? password) => definition switch
    {
        { Username: { } user } => new RedshiftLogin.Fixed(new DatabaseUser(user, password ?? "")),
        { ClusterIdentifier: { } cluster, DbUser: { } user } => new RedshiftLogin.ClusterUser(cluster, definition.Database, user),
        { ClusterIdentifier: { } cluster } => new RedshiftLogin.ClusterIam(cluster, definition.Database),
        { WorkgroupName: { } workgroup } => new RedshiftLogin.Workgroup(workgroup, definition.Database),
        _ => throw new ArgumentException("A destination with a host requires Username, ClusterIdentifier or WorkgroupName.", nameof(definition)),
    };

    private static DataApiTarget Target(RedshiftDestination definition) => definition switch
    {
        { WorkgroupName: { } workgroup } => DataApiTarget.Workgroup(workgroup, definition.Database, definition.SecretArn),
        { ClusterIdentifier: { } cluster, DbUser: { } user } => DataApiTarget.ClusterUser(cluster, definition.Database, user),
        { ClusterIdentifier: { } cluster } => DataApiTarget.Cluster(cluster, definition.Database, definition.SecretArn),
        _ => throw new ArgumentException("A destination without a host requires ClusterIdentifier or WorkgroupName.", nameof(definition)),
    };

    private static string CreateLocation(RedshiftDestination definition) => definition switch
    {
        { Host: { } host } => string.Create(CultureInfo.InvariantCulture, $"Redshift {definition.Database} on {host}:{definition.Port}"),
        { WorkgroupName: { } workgroup } => $"Redshift {definition.Database} in workgroup {workgroup} (Data API)",
        _ => $"Redshift {definition.Database} in cluster {definition.ClusterIdentifier} (Data API)",
    };
}
