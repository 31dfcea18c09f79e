using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// Opens channels to one account. Owns what its sessions share: connections, the login, and scripts in doubt. Safe for concurrent use.
/// </summary>
internal sealed class SnowflakeChannels : IDisposable
{
    private readonly SqlApiHttp _http;
    private readonly SnowflakeTokens _tokens;
    private readonly SqlApiStatements _statements;
    private readonly SqlApiContext _context;
    private readonly PendingScripts _pending = new();

    /// <summary>Creates the object. Makes no request and resolves no secret yet.</summary>
    /// <param name="definition">The destination.</param>
    /// <param name="secrets">Resolves the references of the login.</param>
    /// <param name="loggers">Logs retries, renewals and cancellations that fail.</param>
    /// <param name="time">The clock of tokens and waits.</param>
    /// <param name="budget">The limits of retries; null for those of runs.</param>
    public SnowflakeChannels(
        SnowflakeDestination definition, ISecretResolver secrets, ILoggerFactory loggers, TimeProvider time, RetryBudget? budget = null)
    {
        budget ??= RetryBudget.ForRuns;
        var logger = loggers.CreateLogger("PeakS3Feed.Destinations");
        var account = SnowflakeAccount.Parse(definition.Account);
        _context = new(SnowflakeIdentifier.Read(definition.Database), SnowflakeIdentifier.Read(definition.Schema))
        {
            Warehouse = definition.Warehouse is { } warehouse ? SnowflakeIdentifier.Read(warehouse) : null,
            Role = definition.Role is { } role ? SnowflakeIdentifier.Read(role) : null,
        };
        Location = $"Snowflake {_context.Database}.{_context.Schema} in {account.Name.ToLowerInvariant()}";
        Errors = new(definition, Location);
        var loginErrors = new SnowflakeLoginErrors(definition, account, Location);
        _tokens = new(SnowflakeLogin.From(definition), account, secrets, loginErrors, time, logger);
        _http = new(account.Address(definition.EndpointUrl), budget.Silence);
        _statements = new(new SqlApiClient(_http, _tokens, loginErrors, Location, budget, time, logger), time, logger);
    }

    /// <summary>The destination, for messages: <c>Snowflake ANALYTICS.PUBLIC in org-account</c>.</summary>
    public string Location { get; }

    /// <summary>Creates the errors to show.</summary>
    public SnowflakeErrors Errors { get; }

    /// <summary>Opens a channel. The SQL API is first called by the first statement.</summary>
    /// <param name="lockName">The name of the lock of the session's feed and table. What is in doubt is settled under this name.</param>
    /// <param name="feed">The feed, for the account's query history; null outside a feed.</param>
    public SnowflakeChannel Open(string lockName, string? feed = null) => new(
        _statements, _context with { QueryTag = feed is null ? "peaks3feed" : $"peaks3feed {feed}" }, _pending, lockName, Errors);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Dispose();
        _http.Dispose();
    }
}
