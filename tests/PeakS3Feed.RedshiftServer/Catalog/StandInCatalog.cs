using System.Collections.Concurrent;
using System.Reflection;
using Npgsql;
using PeakS3Feed.TestServers;

namespace PeakS3Feed.RedshiftServer.Catalog;

/// <summary>
/// What the stand-in keeps in its database: the system views, the errors of COPYs and long names. It has connections of its own, so what it
/// writes outlives the transactions of clients.
/// </summary>
internal sealed class StandInCatalog : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly ConcurrentDictionary<string, string> _longNames = new(StringComparer.Ordinal);

    private StandInCatalog(NpgsqlDataSource source) => _source = source;

    /// <summary>Creates the database unless it is there, and what the stand-in needs in it.</summary>
    public static async Task<StandInCatalog> OpenAsync(NpgsqlConnectionStringBuilder database, CancellationToken ct)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("Catalog.sql")!);
        // "SNAPSHOT is the default": one snapshot for a transaction, which LOCK does not take.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["default_transaction_isolation"] = "repeatable read", ["timezone"] = "UTC",
        };
        await StandInDatabase.InstallAsync(database, "redshift_standin", await reader.ReadToEndAsync(ct), settings, ct);
        var own = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 2, ApplicationName = "redshift stand-in" };
        return new StandInCatalog(NpgsqlDataSource.Create(own.ConnectionString));
    }

    /// <summary>A number for a query.</summary>
    public async Task<long> NextQueryAsync(CancellationToken ct)
    {
        await using var command = _source.CreateCommand("SELECT nextval('redshift_standin.queries')");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Keeps names that PostgreSQL would cut.</summary>
    /// <param name="names">The long ones, by the short ones that stand for them, or the other way round of a rewritten statement.</param>
    /// <param name="ct">Stops it.</param>
    public async Task AddAsync(IReadOnlyDictionary<string, string> names, CancellationToken ct)
    {
        foreach (var (longName, shortName) in names)
        {
            if (_longNames.ContainsKey(shortName))
                continue;
            await using var command = _source.CreateCommand("INSERT INTO redshift_standin.long_names VALUES ($1, $2) ON CONFLICT DO NOTHING");
            command.Parameters.Add(new NpgsqlParameter { Value = shortName });
            command.Parameters.Add(new NpgsqlParameter { Value = longName });
            await command.ExecuteNonQueryAsync(ct);
            _longNames[shortName] = longName;
        }
    }

    /// <summary>Keeps an error of a COPY.</summary>
    public async Task AddAsync(LoadError error, long tableId, int sessionId, long query, CancellationToken ct)
    {
        await using var command = _source.CreateCommand("""
            INSERT INTO redshift_standin.load_errors
                (query, session, tbl, filename, line_number, colname, type, col_length, position, raw_line, raw_field_value, err_code, err_reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """);
        var column = error.Column;
        object[] values =
        [
            query, sessionId, (int)tableId, Cut(error.File, 256), error.Line,
            column is null ? "" : _longNames.GetValueOrDefault(column.Name, column.Name),
            Cut(column?.BareType ?? "", 10), Cut(column?.Length ?? "", 10), error.Position, Cut(error.RawLine, 1024), Cut(error.RawValue, 1024),
            error.Problem.Code, Cut(error.Problem.Message, 512),
        ];
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
