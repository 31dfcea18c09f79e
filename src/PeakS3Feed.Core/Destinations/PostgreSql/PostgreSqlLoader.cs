using System.Runtime.CompilerServices;
using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>PostgreSQL as a destination.</summary>
internal sealed class PostgreSqlLoader : IDestination
{
    private readonly PostgreSqlDestination _definition;
    private readonly NpgsqlDataSource _source;
    private readonly PostgreSqlTimings _timings;

    /// <param name="definition">Where.</param>
    /// <param name="password">The resolved password, or null.</param>
    /// <param name="timings">How long to wait for what.</param>
    public PostgreSqlLoader(PostgreSqlDestination definition, string? password, PostgreSqlTimings? timings = null)
    {
        _definition = definition;
        _timings = timings ?? new PostgreSqlTimings();
        _source = NpgsqlDataSource.Create(ConnectionString(definition, password));
    }

    public DestinationCapabilities Capabilities { get; } = new()
    {
        Shape = LoadShape.Rows,
        // A text value may have 1 GB; a row of ours has at most 16 MiB, so no limit of text matters.
        ValueLimits = new ValueLimits { AllowNul = false, StoresJsonValues = true, MaxNameBytes = PostgreSqlDialect.MaxIdentifierBytes },
    };

    public string Location => $"PostgreSQL {_definition.Database} on {_definition.Host}:{_definition.Port}";

    public async Task<IDestinationSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        CheckNames(target);
        var connection = await ConnectAsync(cancellationToken);
        return new PostgreSqlSession(connection, _definition.Schema, target, this, _timings);
    }

    public async IAsyncEnumerable<DestinationCheck> TestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var test = new PostgreSqlTest(_definition, ConnectAsync);
        await foreach (var check in test.RunAsync(cancellationToken))
            yield return check;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw PostgreSqlErrors.Connecting(Location, exception);
        }
    }

    private static void CheckNames(LoadTarget target)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(target.Table) > PostgreSqlDialect.MaxIdentifierBytes)
            throw DestinationErrors.IdentifierTooLong(target.Table, PostgreSqlDialect.MaxIdentifierBytes);
    }

    private static string ConnectionString(PostgreSqlDestination definition, string? password) => new NpgsqlConnectionStringBuilder
    {
        Host = definition.Host,
        Port = definition.Port,
        Database = definition.Database,
        Username = definition.Username,
        Password = password,
        SslMode = Enum.Parse<SslMode>(definition.SslMode, ignoreCase: true),
        RootCertificate = definition.RootCertificate,
        ApplicationName = "PeakS3Feed",
        Pooling = false,        // one session a run, and its advisory lock must end with it
        Enlist = false,
        CommandTimeout = 0,     // a load takes what it takes; cancellation ends it
        KeepAlive = 30,
        Timezone = "UTC",
        // A server that loses us must not keep our locks for hours.
        Options = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 -c idle_in_transaction_session_timeout=0",
    }.ConnectionString;
}
