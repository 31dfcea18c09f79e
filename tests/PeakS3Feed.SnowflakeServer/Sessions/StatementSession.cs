using System.Data;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Sessions;

/// <summary>The session of one request: a connection to PostgreSQL with the settings of the request.</summary>
internal sealed class StatementSession(ServerParts parts, StatementRequest request, NpgsqlConnection connection, SnowflakeScope scope)
    : IAsyncDisposable
{
    public ServerParts Parts => parts;

    public StatementRequest Request => request;

    public NpgsqlConnection Connection => connection;

    public SnowflakeScope Scope => scope;

    /// <summary>Opens the session of a request.</summary>
    public static async Task<StatementSession> OpenAsync(ServerParts parts, StatementRequest request, SnowflakeScope scope, CancellationToken ct)
    {
        if (!await parts.Catalog.HasAsync(request.Database, request.Schema, ct))
            throw SnowflakeErrors.NoContext;
        var session = new StatementSession(parts, request, await parts.Catalog.ConnectAsync(ct), scope);
        (string, string?)[] settings =
        [
            ("snowflake.user", request.User), ("snowflake.role", request.Role), ("snowflake.warehouse", request.Warehouse),
            ("snowflake.database", request.Database), ("snowflake.schema", request.Schema), ("timezone", request.TimeZone),
        ];
        var calls = settings.Select(s => $"set_config('{s.Item1}', {SqlTokens.Literal(s.Item2 ?? "")}, false)");
        await session.ExecuteAsync("SELECT " + string.Join(", ", calls), ct);
        return session;
    }

    /// <summary>Begins a transaction that is READ COMMITTED, as Snowflake's are.</summary>
    public ValueTask<NpgsqlTransaction> BeginAsync(CancellationToken ct) => connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);

    /// <summary>Runs SQL of the stand-in's own, or a statement without a result. Returns how many rows it changed.</summary>
    public async Task<long> ExecuteAsync(string sql, CancellationToken ct, params IReadOnlyList<string?> values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Runs a query that returns one value.</summary>
    public async Task<string?> ReadValueAsync(string sql, CancellationToken ct, params IReadOnlyList<string?> values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(ct) switch
        {
            null or DBNull => null,
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Runs a query.</summary>
    public async Task<SnowflakeResult> QueryAsync(string sql, IReadOnlyList<string?> values, CancellationToken ct)
    {
        await using var command = Command(sql, values);
        return await ResultReader.ReadAsync(command, parts.Catalog, ct);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private NpgsqlCommand Command(string sql, IReadOnlyList<string?> values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return command;
    }
}
