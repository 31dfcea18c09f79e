using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>The statements that Redshift writes in its own way.</summary>
internal sealed class RedshiftSyntax : WarehouseSyntax
{
    public override bool DefinesInTransactions => true;

    // LOCK takes no snapshot, so that what follows sees what other transactions have committed (Redshift Database Developer Guide, "LOCK").
    public override IEnumerable<NamedStatement> Lock(IReadOnlyList<string> tables, CommitStep? reaches = null)
        => [new("lock", $"LOCK {string.Join(", ", tables)}", reaches)];

    public override IReadOnlyList<NamedStatement> CreateLedger(WarehouseDialect dialect, WarehouseNames names) =>
    [
        LedgerTables.CreateState($"IF NOT EXISTS {dialect.Table(names.Lock)} ({LedgerTables.StateColumns}) DISTSTYLE ALL"),
        LedgerTables.CreateLoads($"{dialect.Table(WarehouseNames.Loads)} ({LedgerTables.LoadColumns}) SORTKEY (feed_id, table_name, sequence)"),
        LedgerTables.CreateFiles(
            $"{dialect.Table(WarehouseNames.Files)} ({LedgerTables.FileColumns}) SORTKEY (feed_id, table_name, bucket, object_key)"),
    ];

    public override RowStatements Rows(CommitTables tables, WarehouseDialect dialect, LoadSpec spec, FeedSchema schema)
        => new RedshiftRows(tables, dialect, spec, schema);
}

/// <summary>The statements of rows. MERGE takes no subquery as its source.</summary>
internal sealed class RedshiftRows(CommitTables tables, WarehouseDialect dialect, LoadSpec spec, FeedSchema schema)
    : RowStatements(tables, dialect, spec, schema)
{
    private readonly string _target = tables.Target;
    private readonly string _records = tables.Records;
    private readonly WarehouseDialect _dialect = dialect;

    protected override IEnumerable<NamedStatement> Upsert(CommitStep applied)
    {
        var set = string.Join(", ", Updated.Select(v => $"{_dialect.Column(v.Name)} = {v.Value}"));
        yield return new("update the rows whose key is there", $"""
            UPDATE {_target} SET {set}
            FROM {LastOfEachKey}, {_records} o, {_records} s
            WHERE {IsLast} AND {SameKey(_target)}
            """);
        var missing = $"{LastOfEachKey} LEFT JOIN {_target} t ON {SameKey("t")}";
        yield return new(
            "insert the other rows", InsertFrom(missing, $"i.{WarehouseNames.Rank} = 1 AND t.{_dialect.Column(Key[0])} IS NULL"), applied);
    }
}
