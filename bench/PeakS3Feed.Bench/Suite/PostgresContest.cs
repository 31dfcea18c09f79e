using PeakS3Feed.Bench.Checks;
using PeakS3Feed.Bench.Data;

namespace PeakS3Feed.Bench.Suite;

/// <summary>
/// Loads a gzipped CSV into PostgreSQL: the peers into an existing logged table with the same columns, PeakS3Feed including the creation of its
/// table.
/// </summary>
internal sealed class PostgresContest(BenchContext context, Feeds feeds, DataSet set)
{
    private const string PeerTable = "peer";
    private const string AuditColumns = "peakauditcreatedat timestamptz, peakauditfilename text, peakauditrequestid uuid";
    private readonly PostgresServer _server = context.Postgres;

    /// <summary>Creates the contest.</summary>
    /// <param name="rows">The requested rows of the table.</param>
    public async Task<Contest> CreateAsync(IReadOnlyCollection<string> rows)
    {
        var summary = await context.Data.MakeAsync(set);
        var columns = await PeerColumnsAsync();
        var contestants = new List<Contestant> { await OursAsync(audited: false) };
        if (rows.Contains(BenchRows.PgAudited))
        {
            contestants.Add(await OursAsync(audited: true));
            contestants.Add(await OursAsync(audited: true, existing: columns));
        }

        var packed = context.Data.Packed(set);
        if (rows.Contains(BenchRows.PgCsv) || rows.Contains(BenchRows.PgAudited))
        {
            contestants.Add(Peer(
                "psql \\copy, CSV from gzip -dc", BenchRows.PgCsv, columns,
                Psql($"\\copy {PeerTable} FROM PROGRAM 'gzip -dc {packed}' WITH (FORMAT csv, HEADER)")));
        }

        if (rows.Contains(BenchRows.PgBinary))
        {
            contestants.Add(Peer(
                "psql \\copy, binary file", BenchRows.PgBinary, columns,
                Psql($"\\copy {PeerTable} FROM '{await BinaryFileAsync(summary, columns)}' WITH (FORMAT binary)")));
        }

        if (rows.Contains(BenchRows.PgCsvHelper))
        {
            contestants.Add(Peer(
                "CsvHelper + NpgsqlBinaryImporter", BenchRows.PgCsvHelper, columns,
                new Command(BenchContext.Self, "csvhelper", packed, PeerTable) { Environment = PgVariable }));
        }

        if (rows.Contains(BenchRows.PgLoader))
            contestants.Add(Peer("pgloader, CSV from gzip -dc", BenchRows.PgLoader, columns, await new PgLoader(context).CommandAsync(packed, PeerTable)));
        return new("pg", set.Size, contestants, summary.Hash, PostgresMeter.Of(_server.DataFolder));
    }

    private Dictionary<string, string> PgVariable => new(StringComparer.Ordinal) { ["PEAKS3FEED_BENCH_POSTGRES"] = _server.ConnectionString };

    // A table that exists stores the audit columns in each row.
    private async Task<Contestant> OursAsync(bool audited, string? existing = null)
    {
        var feed = await feeds.AddAsync(set.Name + "-gz", set.Type, "pg", audited);
        var name = "peaks3feed run" + (audited ? ", all audit columns" : "") + (existing is null ? "" : ", into a table that exists");
        return new(name, Row: null, feeds.Run(feed))
        {
            PrepareAsync = async () =>
            {
                await feeds.ResetAsync(feed);
                await _server.ExecuteAsync($"DROP TABLE IF EXISTS {PeerTable}");
                if (existing is not null)
                    await _server.ExecuteAsync($"CREATE TABLE {feed} ({existing}, {AuditColumns})");
                await _server.CheckpointAsync();
            },
            HashAsync = async _ => await new PostgresRows(_server).HashAsync(feed),
        };
    }

    private Contestant Peer(string name, string row, string columns, Command command) => new(name, row, command)
    {
        PrepareAsync = async () =>
        {
            await _server.ExecuteAsync($"DROP TABLE IF EXISTS {PeerTable}; CREATE TABLE {PeerTable} ({columns})");
            await _server.CheckpointAsync();
        },
        HashAsync = async _ => await new PostgresRows(_server).HashAsync(PeerTable),
    };

    // The same types as those of PeakS3Feed's CREATE TABLE.
    private async Task<string> PeerColumnsAsync()
    {
        var small = DataSet.Find("csv-xs");
        await context.Data.MakeAsync(small);
        var feed = await feeds.AddAsync("csv-xs-gz", small.Type, "pg", audited: false);
        await feeds.ResetAsync(feed);
        await ProcessRunner.RunAsync(feeds.Run(feed));
        return await _server.ReadAsync(
            $"""
            SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
            FROM pg_attribute WHERE attrelid = '{feed}'::regclass AND attnum > 0 AND NOT attisdropped
            """);
    }

    // psql writes the file from the rows that it loaded. It is used again while the data is the same.
    private async Task<string> BinaryFileAsync(FileSummary summary, string columns)
    {
        var path = context.Place("binary", set.Name + ".bin");
        var stamp = $"{summary.Hash} {columns}";
        if (File.Exists(path) && File.Exists(path + ".stamp") && await File.ReadAllTextAsync(path + ".stamp") == stamp)
            return path;
        await _server.ExecuteAsync($"DROP TABLE IF EXISTS {PeerTable}; CREATE TABLE {PeerTable} ({columns})");
        await ProcessRunner.RunAsync(Psql($"\\copy {PeerTable} FROM '{context.Data.Plain(set)}' WITH (FORMAT csv, HEADER)"));
        await ProcessRunner.RunAsync(Psql($"\\copy {PeerTable} TO '{path}' WITH (FORMAT binary)"));
        await File.WriteAllTextAsync(path + ".stamp", stamp);
        return path;
    }

    private Command Psql(string statement)
        => new("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement) { Environment = _server.Variables };
}
