using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>A feed and table, and all that a session can be asked to do with them.</summary>
internal sealed record StatementScene
{
    private const int MaxFiles = 1000;

    // Numbers that no statement of this program has.
    private const long Epoch = 7_000_000_003, Sequence = 7_000_000_301, Retired = 7_000_000_201, Shift = 7_000_000_101;

    public required string Table { get; init; }

    public required IReadOnlyList<FeedColumn> Columns { get; init; }

    public required LoadSpec Spec { get; init; }

    public required Guid Feed { get; init; }

    /// <summary>Another feed that has loaded into the table.</summary>
    public required Guid Other { get; init; }

    public required RunHolder Holder { get; init; }

    public required SourceObject Source { get; init; }

    public SnowflakeDestination Definition { get; } = SqlApiHarness.Plain with
    {
        Stage = "\"da\"\"ta\\b\".\"sch'ema;\".\"st?age :x --\"", Schema = "\"sch'ema\"",
    };

    /// <summary>The names that people chose, as Snowflake has them.</summary>
    public IReadOnlySet<string> Names => new HashSet<string>(
        [
            .. Columns.Select(c => SnowflakeIdentifier.Fold(c.Name)), SnowflakeIdentifier.Fold(Table), SnowflakeIdentifier.Fold(OldName),
            .. SnowflakeIdentifier.ReadPath(Definition.Stage),
        ],
        StringComparer.Ordinal);

    /// <summary>Values that no text may have; long enough that the random name of a staging table does not have them.</summary>
    public IReadOnlyList<string> Secrets =>
    [
        Feed.ToString("D"), Other.ToString("D"), Holder.RunId.ToString("D"), Source.ETag, "7000000", LoadIdText, "signature'", "2026-02-03",
        "1987070123", "1987070321",
    ];

    private static string OldName => "old \"name\"";

    private static string LoadIdText => new('e', 64);

    private LoadTarget Target => new(Feed, "feed's name", Table) { KnownFeeds = new Dictionary<Guid, string> { [Feed] = "feed's name" } };

    private FeedSchema Schema => new(Columns);

    /// <summary>Sends every statement that there is for this feed and table.</summary>
    public async Task SendAllAsync(RecordedAccount account)
    {
        var warehouse = account.Warehouse;
        await using (var session = (IFileSession)await warehouse.OpenAsync(Target, default))
        {
            await session.InspectAsync(default); // an empty schema
            await session.ClaimAsync(Holder, Spec.Mode, default);
            await CommitAsync(account, session, new TableFit([new CreateTable([.. Columns, .. AuditColumn.For(Spec)], Spec.Key)]), []);
            await session.ResetAsync(dropTable: true, default);
        }
        AddTables(account);
        await using (var session = (IFileSession)await warehouse.OpenAsync(Target, default))
        {
            account.State = (Epoch, Sequence, Holder.RunId);
            account.Rows = 1;
            account.Units = [Unit(Feed, Retired)];
            await session.InspectAsync(default);
            account.Units = [Unit(Feed, Retired), Unit(Other, 0)];
            await session.InspectAsync(default);
            await ReadAsync(session);
            await CommitAsync(account, session, Changes(), Small());
            account.RefusesRow = true;
            await CommitAsync(account, session, TableFit.None, Small());
            await CommitAsync(account, session, Changes(), [], isLoad: false);
            await session.ResetAsync(dropTable: false, default);
            await session.ResetAsync(dropTable: true, default);
        }
        await warehouse.CollectAsync(Target, Holder.RunId, default);
        await foreach (var check in warehouse.TestAsync(default))
            Assert.True(check.Passed || check.Step is "StageList" or "Copy", $"{check.Step}: {check.Detail}");
    }

    private async Task ReadAsync(IFileSession session)
    {
        var takeover = new LedgerTakeover([Unit(Other, Retired) with { Offset = Shift }, Unit(Feed, 0)], Schema);
        _ = await session.ReadLedgerAsync(Source.Bucket, "in/", null, default).CountAsync();
        _ = await session.ReadLedgerAsync(Source.Bucket, "in/", takeover, default).CountAsync();
        _ = await session.ReadLoadedFilesAsync(Source.Bucket, default).CountAsync();
        await session.FindLoadAsync(LoadIdText, default);
        await session.FindLoadsAsync(Holder.RunId, default);
        await session.CountLedgerAsync(default);
        await session.CountRowsAsync(default);
        await session.ClaimAsync(Holder, Spec.Mode, default);
    }

    private TableFit Changes() => new(
    [
        .. Columns.Skip(3).Select(c => new AddColumn(c)), new RenameColumn(OldName, Columns[2].Name), new RenameColumn(Columns[1].Name, OldName),
        new ForgetFeeds([Other]), new TakeOverLedger(new LedgerTakeover([Unit(Other, 0) with { Offset = Shift }, Unit(Feed, Retired)], Schema), Feed),
    ]);

    // Columns that must grow for what is loaded: text for more characters, numbers for more digits.
    private List<TableColumn> Small() =>
        [.. Columns.Select(c => new TableColumn(SnowflakeIdentifier.Fold(c.Name), c.Type is ColumnType.Text ? "TEXT" : "NUMBER", Required: false))];

    private void AddTables(RecordedAccount account)
    {
        var dialect = new SnowflakeDialect(Definition.Schema);
        var names = new WarehouseNames(Target, dialect.LedgerName(Table));
        var old = names.StageTable(new LoadName(Other, 1), 1, "rows", new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        foreach (var name in (string[])[.. names.Ledger, Table, old, WarehouseNames.LockOf(Other, dialect.LedgerName(Table))])
            account.Tables[SnowflakeIdentifier.Fold(name)] = [new TableColumn("PEAKAUDITREQUESTID", "TEXT", Required: false), .. Small()];
    }

    private async Task CommitAsync(
        RecordedAccount account, IFileSession session, TableFit fit, IReadOnlyList<TableColumn> existing, bool isLoad = true)
    {
        var stamp = new LoadStamp(Holder.RunId, new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero));
        var name = new LoadName(Holder.RunId, 1);
        var stage = (WarehouseStage)await account.Warehouse.OpenStageAsync(Target, Spec, stamp, name, default);
        // Parts with the columns that the feed knew first, and parts with all of them; more than one COPY may name.
        var first = new FeedSchema(Columns.Take(Columns.Count - 1));
        var staged = new StagedLoad(name, [.. Enumerable.Range(0, MaxFiles + 2).Select(i => Part(account, stage, i, i == 0 ? first : Schema))]);
        account.Rows = staged.Rows;
        var order = new LoadOrder(Spec, stamp, Holder, Epoch);
        // Where Snowflake refuses a row, numbers get more digits, and the files are copied again.
        Assert.Empty(await session.CopyAsync(staged, order, default));
        var result = await session.CommitAsync(staged, new LoadCommit
        {
            Order = order,
            Expected = new TableSnapshot { Exists = existing.Count > 0, HasRows = existing.Count > 0, Columns = existing },
            Preparation = new LoadPreparation(fit)
            {
                Assumed = isLoad ? new AssumedLoad(Record(1, Spec.Mode), Schema, Objects) : null, Changed = Objects,
            },
            Load = isLoad ? Record(2, Spec.Mode) : null,
            Schema = Schema,
            Signature = "signature'",
            Files = () => Objects().Select(o => new LoadedObject(o, 0)),
        }, default);
        Assert.IsType<CommitResult.Committed>(result);
        await stage.CloseAsync(StageEnd.Committed);
    }

    private LoadRecord Record(long number, LoadMode mode)
        => new(LoadIdText, Sequence + number, Holder.RunId, mode, 70_111, 1, 70_222, new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero));

    private IAsyncEnumerable<SourceObject> Objects() => new[] { Source }.ToAsyncEnumerable();

    private static StagedPart Part(RecordedAccount account, WarehouseStage stage, int number, FeedSchema schema)
        => new(account.Area.GetUri($"{stage.Files.Prefix}part-{number:D5}.csv.gz"), 10, "", 1, schema);

    private LedgerUnit Unit(Guid feed, long retired)
        => new(feed, SnowflakeIdentifier.Fold(Table), retired, Sequence, Sequence, 1, 1, DateTimeOffset.UnixEpoch);
}
