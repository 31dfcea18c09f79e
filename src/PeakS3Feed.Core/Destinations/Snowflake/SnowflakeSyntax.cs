using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>The statements that Snowflake writes in its own way.</summary>
internal sealed class SnowflakeSyntax : WarehouseSyntax
{
    // A statement that defines a table commits the transaction before it (Snowflake SQL reference, "Transactions").
    public override bool DefinesInTransactions => false;

    // An UPDATE keeps other transactions from updating the table until the end, and each statement sees what was committed before it began.
    public override IEnumerable<NamedStatement> Lock(IReadOnlyList<string> tables, CommitStep? reaches = null)
        => tables.Select((t, i) => new NamedStatement("lock", $"UPDATE {t} SET epoch = epoch", i == tables.Count - 1 ? reaches : null));

    // Keys and names are compared byte by byte, whatever the schema's own collation is.
    public const string Binary = " DEFAULT_DDL_COLLATION = ''";

    // The state's table comes last, and together with its one row: INSERT takes no lock, so that two runs could insert one each. CREATE TABLE with a
    // query is documented without IF NOT EXISTS and NOT NULL; of two runs that create it, one is refused and finds it.
    public override IReadOnlyList<NamedStatement> CreateLedger(WarehouseDialect dialect, WarehouseNames names)
    {
        var state = LedgerTables.StateColumns.Replace(" NOT NULL", "", StringComparison.Ordinal);
        return
        [
            LedgerTables.CreateLoads($"{dialect.Table(WarehouseNames.Loads)} ({LedgerTables.LoadColumns}){Binary}"),
            LedgerTables.CreateFiles($"{dialect.Table(WarehouseNames.Files)} ({LedgerTables.FileColumns}){Binary}"),
            LedgerTables.CreateState($"{dialect.Table(names.Lock)} ({state}) AS SELECT {LedgerTables.FirstState}"),
        ];
    }

    public override RowStatements Rows(CommitTables tables, WarehouseDialect dialect, LoadSpec spec, FeedSchema schema)
        => new SnowflakeRows(tables, dialect, spec, schema);
}

/// <summary>The statements of rows. MERGE refuses a source with several rows for one row of the target, so each key comes once.</summary>
internal sealed class SnowflakeRows(CommitTables tables, WarehouseDialect dialect, LoadSpec spec, FeedSchema schema)
    : RowStatements(tables, dialect, spec, schema)
{
    private readonly string _target = tables.Target;
    private readonly WarehouseDialect _dialect = dialect;

    protected override IEnumerable<NamedStatement> Upsert(CommitStep applied)
    {
        var columns = Values.Select(v => (Name: _dialect.Column(v.Name), v.Value)).ToList();
        var set = Updated.Select(v => _dialect.Column(v.Name)).Select(c => $"{c} = i.{c}");
        yield return new("merge the rows", $"""
            MERGE INTO {_target} t
            USING (SELECT {string.Join(", ", columns.Select(c => $"{c.Value} AS {c.Name}"))} FROM {LastOfEachKey}{AuditJoins}
                WHERE i.{WarehouseNames.Rank} = 1) i
            ON {SameKey("t")}
            WHEN MATCHED THEN UPDATE SET {string.Join(", ", set)}
            WHEN NOT MATCHED THEN INSERT ({string.Join(", ", columns.Select(c => c.Name))})
                VALUES ({string.Join(", ", columns.Select(c => $"i.{c.Name}"))})
            """, applied);
    }
}
