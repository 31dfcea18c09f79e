using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>
/// The short transaction of a load: the lock, the checks, the rows, the ledger. Its statements have no values in them, only names; the values are in
/// a table of <see cref="CommitRecords"/>.
/// </summary>
/// <param name="dialect">Names and types.</param>
/// <param name="syntax">The statements that differ between warehouses.</param>
/// <param name="tables">The tables.</param>
/// <param name="commit">The load.</param>
internal sealed class CommitScript(WarehouseDialect dialect, WarehouseSyntax syntax, CommitTables tables, LoadCommit commit)
{
    /// <summary>The check that no earlier attempt has committed the load.</summary>
    public const string LoadIdCheck = "check that the load is not committed yet";

    /// <summary>The check that no newer run has claimed the feed.</summary>
    public const string EpochCheck = "check that this run still has the feed";

    /// <summary>The check that no other load was committed since the table was inspected.</summary>
    public const string SequenceCheck = "check that no other load came between";

    /// <summary>The check that the warehouse has taken as many rows as were staged, each from an object of the load.</summary>
    public const string CountCheck = "check the number of staged rows";

    private readonly RowStatements _rows = syntax.Rows(tables, dialect, commit.Order.Spec, commit.Schema);

    private string Records => tables.Records;

    private string Lock => tables.Lock;

    private bool Replaces => commit.Load is not null && commit.Order.Spec.Mode == LoadMode.Replace;

    /// <summary>Returns the statements in order.</summary>
    public IReadOnlyList<NamedStatement> Build()
    {
        // All locks of the transaction in one order, so that two transactions do not wait for each other.
        var locks = tables.OtherLocks.Append(Lock).Order(StringComparer.Ordinal);
        List<NamedStatement> script = [.. syntax.Lock([.. locks], CommitStep.Began), .. Checks()];
        if (syntax.DefinesInTransactions)
        {
            script.AddRange(
                commit.Preparation.Fit.Changes.OfType<RenameColumn>()
                    .Select(r => new NamedStatement($"rename column {r.From}", Rename(dialect, tables.Target, r))));
        }
        script.AddRange(ForgetOthers());
        script.AddRange(TakeOver());
        script.AddRange(Deletions());
        if (commit.Load is not null)
            script.AddRange([.. _rows.Insert(CommitStep.Applied), .. CheckCount()]);
        script.AddRange(Ledger());
        if (!syntax.DefinesInTransactions)
            return script;
        if (commit.Load is not null)
            script.Add(new("drop the staged rows", $"DROP TABLE {tables.Rows}"));
        script.Add(new("drop the commit's records", $"DROP TABLE {Records}"));
        return script;
    }

    private IEnumerable<NamedStatement> Checks()
    {
        yield return new NamedCheck(LoadIdCheck, "COUNT(*) = 0", $"""
            {tables.Loads} l, {Records} s, {Records} r
            WHERE s.kind = '{CommitRecords.State}' AND r.kind = '{CommitRecords.Load}'
            AND l.feed_id = s.feed_id AND l.table_name = s.table_name AND l.load_id = r.load_id
            """);
        yield return new NamedCheck(EpochCheck, "COUNT(*) = 1", $"""
            {Lock} k, {Records} s
            WHERE s.kind = '{CommitRecords.State}' AND k.epoch = s.epoch AND k.run_id = s.run_id
            """);
        yield return new NamedCheck(SequenceCheck, "COUNT(*) = 1", $"""
            {Lock} k, {Records} s
            WHERE s.kind = '{CommitRecords.State}' AND k.sequence = s.expected
            """);
    }

    // After the rows: a COPY that the service runs a second time may still add to the staging table until then.
    private IEnumerable<NamedStatement> CheckCount()
    {
        if (commit.Order.Spec.Direct is not null)
        {
            // The rows do not name their objects.
            yield return new NamedCheck(CountCheck, "MAX(w.taken) = MAX(s.row_count)", $"""
                (SELECT COUNT(*) AS taken FROM {tables.Rows}) w, {Records} s
                WHERE s.kind = '{CommitRecords.State}'
                """);
            yield break;
        }
        yield return new NamedCheck(CountCheck, "MAX(w.taken) = MAX(s.row_count)", $"""
            (SELECT COUNT(*) AS taken FROM {tables.Rows} i, {Records} o
                WHERE o.kind = '{CommitRecords.File}' AND o.ordinal = i.{WarehouseNames.Ordinal}) w, {Records} s
            WHERE s.kind = '{CommitRecords.State}'
            """);
    }

    /// <summary>Returns the statement that renames a column.</summary>
    public static string Rename(WarehouseDialect dialect, string table, RenameColumn change)
        => $"ALTER TABLE {table} RENAME COLUMN {dialect.Column(change.From)} TO {dialect.Column(change.To)}";

    // Their runs in progress are fenced.
    private IEnumerable<NamedStatement> ForgetOthers()
    {
        if (!commit.Preparation.Fit.Changes.OfType<ForgetFeeds>().Any())
            yield break;
        foreach (var other in tables.ForgottenLocks)
        {
            yield return new(
                "forget another feed's state",
                $"UPDATE {other} SET epoch = epoch + 1, sequence = 0, schema_json = NULL, signature = NULL");
        }
        foreach (var ledger in (string[])[tables.Loads, tables.Files])
        {
            yield return new("forget another feed's loads", $"""
                DELETE FROM {ledger} USING {Records} m
                WHERE m.kind = '{CommitRecords.Forget}' AND {ledger}.feed_id = m.feed_id AND {ledger}.table_name = m.table_name
                """);
        }
    }

    // The sequence of another feed stays, in case that feed comes back.
    private IEnumerable<NamedStatement> TakeOver()
    {
        if (commit.Preparation.Fit.Takeover is null)
            yield break;
        foreach (var (ledger, number) in ((string, string)[])[(tables.Loads, "sequence"), (tables.Files, "generation")])
        {
            yield return new("take over loads", $"""
                UPDATE {ledger} SET feed_id = s.feed_id, table_name = s.table_name, {number} = {ledger}.{number} + m.shift, retired = 0
                FROM {Records} m, {Records} s
                WHERE m.kind = '{CommitRecords.Move}' AND s.kind = '{CommitRecords.State}'
                AND {ledger}.feed_id = m.feed_id AND {ledger}.table_name = m.table_name AND {ledger}.retired = m.retired
                """);
        }
        foreach (var other in tables.TakenLocks)
            yield return new("take over another feed's state", $"UPDATE {other} SET epoch = epoch + 1, schema_json = NULL, signature = NULL");
    }

    private IEnumerable<NamedStatement> Deletions()
    {
        if (Replaces)
            yield return new("delete all rows", _rows.DeleteAll);
        if (commit.Load is not null && commit.Preparation.Changed is not null)
            yield return new("delete the rows of earlier versions", _rows.DeleteEarlier, CommitStep.EarlierDeleted);
    }

    // A statement that writes locks its table until the end. All scripts write the loads before the files, so that two feeds do not wait for each
    // other.
    private IEnumerable<NamedStatement> Ledger()
    {
        yield return new("record the load", $"""
            INSERT INTO {tables.Loads} (feed_id, table_name, sequence, load_id, run_id, mode, row_count, object_count, byte_count, committed_at,
                audited, retired)
            SELECT s.feed_id, s.table_name, r.generation, r.load_id, r.run_id, r.mode, r.row_count, r.object_count, r.byte_count, r.committed_at,
                r.audited, 0
            FROM {Records} r, {Records} s WHERE r.kind = '{CommitRecords.Load}' AND s.kind = '{CommitRecords.State}'
            """);
        if (Replaces)
        {
            yield return new("delete the ledger's files", $"""
                DELETE FROM {tables.Files} USING {Records} s
                WHERE s.kind = '{CommitRecords.State}' AND {tables.Files}.feed_id = s.feed_id AND {tables.Files}.table_name = s.table_name
                """);
        }
        yield return new("record the objects", $"""
            INSERT INTO {tables.Files} (feed_id, table_name, bucket, object_key, generation, etag, size, load_id, retired)
            SELECT s.feed_id, s.table_name, o.bucket, o.object_key, o.generation, o.etag, o.size, r.load_id, 0
            FROM {Records} o, {Records} r, {Records} s
            WHERE o.kind IN ('{CommitRecords.File}', '{CommitRecords.Assumed}') AND r.kind = '{CommitRecords.Load}' AND r.generation = o.generation
            AND s.kind = '{CommitRecords.State}'
            """);
        yield return new("record the state", $"""
            UPDATE {Lock} SET sequence = s.generation, schema_json = s.schema_json, signature = s.signature
            FROM {Records} s WHERE s.kind = '{CommitRecords.State}' AND {Lock}.feed_id = s.feed_id AND {Lock}.table_name = s.table_name
            """, CommitStep.Recorded);
    }
}

/// <summary>The tables of a commit; each is a full name, quoted.</summary>
/// <param name="Target">The feed's table.</param>
/// <param name="Lock">The feed and table's state.</param>
/// <param name="Loads">The ledger's loads.</param>
/// <param name="Files">The ledger's files.</param>
/// <param name="Rows">The staged rows.</param>
/// <param name="Records">The commit's records.</param>
internal sealed record CommitTables(string Target, string Lock, string Loads, string Files, string Rows, string Records)
{
    /// <summary>The states of feeds whose loads into the table the ledger forgets.</summary>
    public IReadOnlyList<string> ForgottenLocks { get; init; } = [];

    /// <summary>The states of feeds whose loads the feed takes over.</summary>
    public IReadOnlyList<string> TakenLocks { get; init; } = [];

    /// <summary>All of these.</summary>
    public IEnumerable<string> OtherLocks => ForgottenLocks.Concat(TakenLocks).Distinct(StringComparer.Ordinal);

    /// <summary>The tables of a feed and table.</summary>
    public static CommitTables From(WarehouseDialect dialect, WarehouseNames names, string target, string rows, string records) => new(
        dialect.Table(target), dialect.Table(names.Lock), dialect.Table(WarehouseNames.Loads), dialect.Table(WarehouseNames.Files),
        dialect.Table(rows), dialect.Table(records));
}
