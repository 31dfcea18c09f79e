using System.Globalization;
using PeakS3Feed.TestServers.PostgreSql;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Loads few and many small files into PostgreSQL, and counts the statements on their way to the server.</summary>
internal sealed class StatementContest(BenchContext context, Feeds feeds) : IAsyncDisposable
{
    private const string Destination = "pg_counted";

    // One INSERT into the ledger takes this many objects.
    private const int ObjectsForEachStatement = 500;

    private static readonly int[] Sizes = [1, 100, 10_000];

    private readonly PostgreSqlProxy _proxy = new(context.Postgres.Host, context.Postgres.Port);
    private long _before;
    private long _least;

    public async Task<Contest> CreateAsync()
    {
        await feeds.AddPostgresAsync(Destination, "127.0.0.1", _proxy.Port);
        var contestants = new List<Contestant>();
        foreach (var size in Sizes)
            contestants.Add(await LoadAsync(size));
        return new(BenchRows.PgStatements, "files of one row", contestants);
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private async Task<Contestant> LoadAsync(int count)
    {
        var feed = await feeds.AddAsync(OneRowFiles.Write(context.Data, count), Formats.FileType.Csv, Destination, audited: false);
        return new(OneRowFiles.Describe(count), Row: count == Sizes[0] ? null : "", feeds.Run(feed))
        {
            PrepareAsync = async () =>
            {
                await feeds.ResetAsync(feed);
                _before = _proxy.Statements;
            },
            Counts = () => new Dictionary<string, long>(StringComparer.Ordinal) { ["statements"] = _proxy.Statements - _before },
            HashAsync = async _ =>
            {
                var statements = _proxy.Statements - _before;
                var rows = await context.Postgres.ReadAsync($"SELECT count(*)::text FROM {feed}");
                if (rows != count.ToString(CultureInfo.InvariantCulture))
                    throw new BenchException($"It loaded {rows} rows instead of {count}.");
                if (count == Sizes[0])
                    _least = statements;
                if (statements > _least + (count / ObjectsForEachStatement))
                    throw new BenchException($"It sent {statements} statements; one object needs {_least}.");
                return $"at most {_least} and one for every {ObjectsForEachStatement} objects";
            },
        };
    }
}
