using PeakS3Feed.Destinations.Warehouses;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Secrets;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// A schema of a real warehouse: destinations of a store whose folder the environment variable <see cref="Variable"/> names. The schema is for these
/// tests alone: they drop the tables in it that they use.
/// </summary>
public sealed class LiveRedshift : TestDatabase
{
    /// <summary>The variable: the folder of a store with Redshift destinations and their staging connections.</summary>
    public const string Variable = "PEAKS3FEED_LIVE_REDSHIFT";

    private readonly RedshiftChannels _channels;

    private LiveRedshift(RedshiftDestination definition, RedshiftChannels channels) => (Definition, _channels) = (definition, channels);

    public override RedshiftDestination Definition { get; }

    /// <summary>The names of the store's Redshift destinations; one that does not exist where the variable is not set.</summary>
    public static IReadOnlyList<string> Names
        => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
            ? [.. Read(folder).Destinations.OfType<RedshiftDestination>().Select(d => d.Name)]
            : ["none"];

    /// <summary>Opens a destination and drops what an earlier test left there; skips the test where the variable is not set.</summary>
    public static async Task<LiveRedshift> OpenAsync(string name)
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Skip.If(string.IsNullOrEmpty(folder), $"{Variable} is not set: no warehouse to test against");
        var definitions = Read(folder!);
        var definition = (RedshiftDestination)definitions.GetDestination(name);
        var password = definition.Password is { } reference
            ? await new SecretResolver().ResolveAsync(SecretReference.Parse(reference), default)
            : null;
        var channels = new RedshiftChannels(definition, password, NullLoggerFactory.Instance, TimeProvider.System);
        var live = new LiveRedshift(definition with { Name = "warehouse" }, channels) { Connections = [definitions.GetConnection(definition.StagingConnection)] };
        await live.DropAsync();
        return live;
    }

    public override async Task<Snapshot> SnapshotAsync(string table)
    {
        await using var channel = await _channels.OpenAsync("tests", default);
        var schema = new RedshiftDialect(Definition.Schema);
        var state = (await NamesAsync(channel, "peaks3feed_lock_")).SingleOrDefault();
        if (state is not null)
            await channel.RunAsync(new([new("lock", $"LOCK {schema.Table(state)}")]), () => { }, default);
        var tables = await new RedshiftCatalog(channel, schema).ReadAsync([table], default);
        var rows = tables.Count == 0 ? [] : await ReadAsync(channel, $"SELECT row_id, customer, version, amount FROM {schema.Table(table)}");
        if (state is null)
            return new Snapshot([.. rows.Select(Row)], 0, [], []);
        var sequence = await ReadAsync(channel, $"SELECT sequence FROM {schema.Table(state)}");
        var loads = await ReadAsync(
            channel, $"SELECT sequence, run_id, row_count, object_count FROM {schema.Table(WarehouseNames.Loads)} ORDER BY sequence");
        var files = await ReadAsync(channel, $"SELECT object_key, etag, generation FROM {schema.Table(WarehouseNames.Files)}");
        return new Snapshot(
            [.. rows.Select(Row)], sequence.Count == 0 ? 0 : Number(sequence[0][0]),
            [.. loads.Select(r => new Snapshot.Load(Number(r[0]), Guid.Parse(r[1]!), Number(r[2]), Number(r[3])))],
            [.. files.Select(r => new Snapshot.Entry(r[0]!, r[1]!, Number(r[2])))]);
    }

    public override Task<DbConnection> OpenAsync() => throw new NotSupportedException("A real warehouse is read through the channel.");

    public override async ValueTask DisposeAsync()
    {
        await DropAsync();
        await _channels.DisposeAsync();
    }

    protected override string FindTable(string name) => throw new NotSupportedException("A real warehouse is read through the channel.");

    private async Task DropAsync()
    {
        await using var channel = await _channels.OpenAsync("tests", default);
        foreach (var name in (await NamesAsync(channel, "peaks3feed_")).Append(TestStore.FeedName))
            await channel.ExecuteAsync(new($"DROP TABLE IF EXISTS {new RedshiftDialect(Definition.Schema).Table(name)}"), default);
    }

    private Task<IReadOnlyList<string>> NamesAsync(IRedshiftChannel channel, string prefix)
        => new RedshiftCatalog(channel, new RedshiftDialect(Definition.Schema)).FindAsync(prefix, default);

    private static StoreDefinitions Read(string folder)
        => new DefinitionStore(StorePaths.Resolve(folder)).ReadAsync(default).GetAwaiter().GetResult();

    private static async Task<List<IReadOnlyList<string?>>> ReadAsync(IRedshiftChannel channel, string sql)
        => await channel.QueryAsync(new(sql), default).ToListAsync();

    private static DataRow Row(IReadOnlyList<string?> row) => new(row[0]!, Number(row[1]), Number(row[2]), Number(row[3]));

    private static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);
}
