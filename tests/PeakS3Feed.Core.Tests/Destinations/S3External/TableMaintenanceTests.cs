using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>What the engine asks a destination of tables on S3 to do, and what it says about it.</summary>
public sealed class TableMaintenanceTests : IDisposable
{
    private readonly RecordingTables _tables = new();
    private readonly TableStore _store;

    public TableMaintenanceTests()
        => _store = new(new([.. BuiltInDestinations.Kinds.All.Where(k => k.Name != "S3External"), new RecordingKind(_tables)]));

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_compaction_is_of_the_feeds_table_and_names_it()
    {
        await _store.StoreAsync(feed: TableStore.Orders with { Table = "orders_raw" });
        var result = Assert.Single(await _store.Engine.OptimizeTablesAsync("ORDERS", default));
        Assert.Equal(["optimize orders_raw of orders"], _tables.Calls);
        Assert.Equal(("orders", "lake", "orders_raw", 3L, 1L), (result.FeedName, result.DestinationName, result.Table, result.FilesRemoved, result.FilesAdded));
        Assert.Equal("Table orders_raw of destination lake: 3 files (30 B) became 1 file (20 B).", MaintenanceText.Describe(result));
        Assert.Equal(1, _tables.Disposed);
    }

    [Fact]
    public async Task A_vacuum_is_counted_before_it_is_done()
    {
        await _store.StoreAsync();
        var age = TimeSpan.FromDays(30);
        var counted = Assert.Single(await _store.Engine.VacuumTablesAsync("orders", age, dryRun: true, default));
        var done = Assert.Single(await _store.Engine.VacuumTablesAsync("orders", age, dryRun: false, default));
        Assert.Equal(["vacuum orders of orders, 30.00:00:00, dry", "vacuum orders of orders, 30.00:00:00"], _tables.Calls);
        Assert.Equal("Delete 1,234 data files (5.0 GB) and 3 ledger files (30.0 kB) that the table has not used for 30 days", MaintenanceText.DescribeVacuum(counted, age));
        Assert.Equal("Delete 1,234 data files (5.0 GB) that the table has not used for 180.5 hours", MaintenanceText.DescribeVacuum(counted with { LedgerFilesRemoved = 0 }, TimeSpan.FromHours(180.5)));
        Assert.Equal("Table orders of destination lake: 1,234 data files (5.0 GB) and 3 ledger files (30.0 kB) deleted.", MaintenanceText.Describe(done));
        var ledger = done with { FilesRemoved = 0, BytesRemoved = 0 };
        Assert.Equal("Table orders of destination lake: 3 ledger files (30.0 kB) deleted.", MaintenanceText.Describe(ledger));
        var nothing = ledger with { LedgerFilesRemoved = 0, LedgerBytesRemoved = 0 };
        Assert.Equal("Table orders of destination lake: nothing to do.", MaintenanceText.Describe(nothing));
        Assert.Equal("Delete 0 data files (0 B) that the table has not used for 30 days", MaintenanceText.DescribeVacuum(nothing, age));
    }

    [Fact]
    public async Task Files_that_may_still_be_read_are_not_deleted()
    {
        await _store.StoreAsync();
        var error = await TableStore.FailsAsync("VacuumTooEarly", () => _store.Engine.VacuumTablesAsync("orders", TimeSpan.FromHours(167), dryRun: false, default));
        Assert.Equal("Files that are younger than 7 days may still be read, so none can be deleted after 167 hours.", error.Message);
        Assert.Empty(_tables.Calls);
        await _store.Engine.VacuumTablesAsync("orders", TableMaintenance.MinAge, dryRun: false, default);
        Assert.Single(_tables.Calls);
    }

    [Fact]
    public async Task A_feed_of_another_kind_has_no_such_table()
    {
        await _store.StoreAsync(feed: TableStore.Orders with { DestinationNames = ["local"] });
        foreach (var call in new Func<Task>[]
        {
            () => _store.Engine.OptimizeTablesAsync("orders", default),
            () => _store.Engine.VacuumTablesAsync("orders", TableMaintenance.MinAge, dryRun: true, default),
            () => _store.Engine.FindTablesOnS3Async("orders", default),
        })
        {
            var error = await TableStore.FailsAsync("NotATableOnS3", call);
            Assert.Equal("Feed orders loads into local (SQLite), which is not a table on S3.", error.Message);
        }
        Assert.Empty(_tables.Calls);
    }

    [Fact]
    public async Task The_table_is_named_for_a_confirmation_without_a_connection()
    {
        await _store.StoreAsync();
        Assert.Equal(["table orders of destination lake"], await _store.Engine.FindTablesOnS3Async("orders", default));
        Assert.Equal(0, _tables.Opened);
    }

    private sealed class RecordingKind(RecordingTables tables) : DestinationKind<S3ExternalDestination>
    {
        private readonly S3ExternalKind _real = new();

        public override string Name => _real.Name;

        public override IJsonTypeInfoResolver Json => _real.Json;

        public override bool Partitions => true;

        protected override IEnumerable<DefinitionProblem> Check(S3ExternalDestination definition) => S3ExternalRules.Check(definition);

        protected override string Identity(S3ExternalDestination definition, string stateDirectory) => definition.Name;

        protected override IEnumerable<DefinitionProblem> CheckConnection(S3ExternalDestination definition, S3Connection connection) => [];

        protected override Task<IDestination> OpenAsync(S3ExternalDestination definition, DestinationContext context, CancellationToken cancellationToken)
        {
            tables.Opened++;
            return Task.FromResult<IDestination>(tables);
        }
    }

    private sealed class RecordingTables : IDestination, ITableMaintenance
    {
        public List<string> Calls { get; } = [];

        public int Opened { get; set; }

        public int Disposed { get; private set; }

        public DestinationCapabilities Capabilities { get; } = new() { ValueLimits = new ValueLimits(), Partitions = true };

        public string Location => "lake";

        public Task<TableMaintenanceResult> OptimizeAsync(LoadTarget target, CancellationToken cancellationToken)
        {
            Calls.Add($"optimize {target.Table} of {target.FeedName}");
            return Task.FromResult(new TableMaintenanceResult(3, 30) { FilesAdded = 1, BytesAdded = 20, Version = 7 });
        }

        public Task<TableVacuumResult> VacuumAsync(LoadTarget target, TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken)
        {
            Calls.Add($"vacuum {target.Table} of {target.FeedName}, {olderThan}{(dryRun ? ", dry" : "")}");
            return Task.FromResult(new TableVacuumResult(1234, 5_000_000_000) { LedgerFilesRemoved = 3, LedgerBytesRemoved = 30_000 });
        }

        public Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            Disposed++;
            return default;
        }
    }
}
