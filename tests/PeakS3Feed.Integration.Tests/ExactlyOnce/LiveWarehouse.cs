using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Secrets;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// A schema of a real warehouse: destinations of a store whose folder an environment variable names. The schema is for these tests alone: they drop
/// the tables in it that they use.
/// </summary>
public abstract class LiveWarehouse : TestDatabase
{
    /// <summary>The variable: the folder of a store with Redshift destinations and their staging connections.</summary>
    public const string RedshiftVariable = "PEAKS3FEED_LIVE_REDSHIFT";

    /// <summary>The variable: the folder of a store with Snowflake destinations and their staging connections.</summary>
    public const string SnowflakeVariable = "PEAKS3FEED_LIVE_SNOWFLAKE";

    private static readonly string[] Variables = [RedshiftVariable, SnowflakeVariable];

    private readonly WarehouseDialect _dialect;
    private readonly WarehouseSyntax _syntax;

    private protected LiveWarehouse(WarehouseDialect dialect, WarehouseSyntax syntax) => (_dialect, _syntax) = (dialect, syntax);

    /// <summary>Whether a variable is set.</summary>
    public static bool IsAsked => Variables.Any(v => Environment.GetEnvironmentVariable(v) is { Length: > 0 });

    /// <summary>The variable and name of each destination; one that does not exist for a variable that is not set.</summary>
    public static IReadOnlyList<(string Variable, string Name)> Names =>
    [
        .. Variables.SelectMany(v => Environment.GetEnvironmentVariable(v) is { Length: > 0 } folder
            ? Read(folder).Destinations.Where(d => d is RedshiftDestination or SnowflakeDestination).Select(d => (v, d.Name))
            : [(v, "none")]),
    ];

    /// <summary>Opens a destination and drops what an earlier test left there; skips the test where the variable is not set.</summary>
    public static async Task<LiveWarehouse> OpenAsync(string variable, string name)
    {
        var folder = Environment.GetEnvironmentVariable(variable);
        Skip.If(string.IsNullOrEmpty(folder), $"{variable} is not set: no warehouse to test against");
        var definitions = Read(folder!);
        LiveWarehouse live = definitions.GetDestination(name) switch
        {
            RedshiftDestination definition => await LiveRedshift.OpenAsync(definition, definitions),
            SnowflakeDestination definition => new LiveSnowflake(definition, definitions),
            var other => throw new InvalidOperationException($"{other.Name} is no warehouse."),
        };
        await live.DropAsync();
        return live;
    }

    public override async Task<Snapshot> SnapshotAsync(string table)
    {
        await using var channel = await OpenChannelAsync();
        var state = (await Catalog(channel).FindAsync("peaks3feed_lock_", default)).SingleOrDefault();
        if (state is not null)
            await channel.RunAsync(new([.. _syntax.Lock([_dialect.Table(state)])]), () => { }, default);
        var tables = await Catalog(channel).ReadAsync([table], default);
        var rows = tables.Count == 0 ? [] : await ReadAsync(channel, $"SELECT row_id, customer, version, amount FROM {_dialect.Table(table)}");
        if (state is null)
            return new Snapshot([.. rows.Select(Row)], 0, [], []);
        var sequence = await ReadAsync(channel, $"SELECT sequence FROM {_dialect.Table(state)}");
        var loads = await ReadAsync(
            channel, $"SELECT sequence, run_id, row_count, object_count FROM {_dialect.Table(WarehouseNames.Loads)} ORDER BY sequence");
        var files = await ReadAsync(channel, $"SELECT object_key, etag, generation FROM {_dialect.Table(WarehouseNames.Files)}");
        return new Snapshot(
            [.. rows.Select(Row)], sequence.Count == 0 ? 0 : Number(sequence[0][0]),
            [.. loads.Select(r => new Snapshot.Load(Number(r[0]), Guid.Parse(r[1]!), Number(r[2]), Number(r[3])))],
            [.. files.Select(r => new Snapshot.Entry(r[0]!, r[1]!, Number(r[2])))]);
    }

    public override Task<DbConnection> OpenAsync() => throw new NotSupportedException("A real warehouse is read through the channel.");

    public override async ValueTask DisposeAsync()
    {
        await DropAsync();
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected override string FindTable(string name) => throw new NotSupportedException("A real warehouse is read through the channel.");

    private protected abstract Task<IWarehouseChannel> OpenChannelAsync();

    private protected abstract IWarehouseCatalog Catalog(IWarehouseChannel channel);

    private protected abstract ValueTask CloseAsync();

    private async Task DropAsync()
    {
        await using var channel = await OpenChannelAsync();
        foreach (var name in (await Catalog(channel).FindAsync("peaks3feed_", default)).Append(TestStore.FeedName))
            await channel.ExecuteAsync(new($"DROP TABLE IF EXISTS {_dialect.Table(name)}"), default);
    }

    private static StoreDefinitions Read(string folder)
        => new DefinitionStore(StorePaths.Resolve(folder)).ReadAsync(default).GetAwaiter().GetResult();

    private static async Task<List<IReadOnlyList<string?>>> ReadAsync(IWarehouseChannel channel, string sql)
        => await channel.QueryAsync(new(sql), default).ToListAsync();

    private static DataRow Row(IReadOnlyList<string?> row) => new(row[0]!, Number(row[1]), Number(row[2]), Number(row[3]));

    private static long Number(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);
}

/// <summary>A schema of a real cluster or workgroup.</summary>
internal sealed class LiveRedshift : LiveWarehouse
{
    private readonly RedshiftChannels _channels;

    private LiveRedshift(RedshiftDestination definition, StoreDefinitions definitions, RedshiftChannels channels)
        : base(new RedshiftDialect(definition.Schema), new RedshiftSyntax())
    {
        (Definition, _channels) = (definition with { Name = "warehouse" }, channels);
        Connections = [definitions.GetConnection(definition.StagingConnection)];
    }

    public override S3FeedDestination Definition { get; }

    public static async Task<LiveRedshift> OpenAsync(RedshiftDestination definition, StoreDefinitions definitions)
    {
        var password = definition.Password is { } reference
            ? await new SecretResolver().ResolveAsync(SecretReference.Parse(reference), default)
            : null;
        return new(definition, definitions, new RedshiftChannels(definition, password, NullLoggerFactory.Instance, TimeProvider.System));
    }

    private protected override async Task<IWarehouseChannel> OpenChannelAsync() => await _channels.OpenAsync("tests", default);

    private protected override IWarehouseCatalog Catalog(IWarehouseChannel channel)
        => new RedshiftCatalog(channel, new RedshiftDialect(((RedshiftDestination)Definition).Schema));

    private protected override ValueTask CloseAsync() => _channels.DisposeAsync();
}

/// <summary>A schema of a real account.</summary>
internal sealed class LiveSnowflake : LiveWarehouse
{
    private readonly SnowflakeChannels _channels;

    public LiveSnowflake(SnowflakeDestination definition, StoreDefinitions definitions)
        : base(new SnowflakeDialect(definition.Schema), new SnowflakeSyntax())
    {
        Definition = definition with { Name = "warehouse" };
        Connections = [definitions.GetConnection(definition.StagingConnection)];
        _channels = new(definition, new SecretResolver(), NullLoggerFactory.Instance, TimeProvider.System);
    }

    public override S3FeedDestination Definition { get; }

    public override string LedgerName(string table) => table.ToUpperInvariant();

    private protected override Task<IWarehouseChannel> OpenChannelAsync() => Task.FromResult<IWarehouseChannel>(_channels.Open("tests"));

    private protected override IWarehouseCatalog Catalog(IWarehouseChannel channel)
        => new SnowflakeCatalog(channel, new SnowflakeDialect(((SnowflakeDestination)Definition).Schema));

    private protected override ValueTask CloseAsync()
    {
        _channels.Dispose();
        return ValueTask.CompletedTask;
    }
}
