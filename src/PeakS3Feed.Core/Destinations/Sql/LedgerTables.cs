namespace PeakS3Feed.Destinations.Sql;

/// <summary>The tables of the ledger. All values are text or bigint, so that every database stores them alike.</summary>
internal static class LedgerTables
{
    /// <summary>The version of a lock row whose loads all count.</summary>
    public const int FormatVersion = 1;

    /// <summary>The version of a lock row with retired loads, which a program that does not know them would count.</summary>
    public const int RetiringVersion = 2;

    /// <summary>Creates the tables where they are missing.</summary>
    public static async Task CreateAsync(LedgerCommands commands, CancellationToken cancellationToken)
    {
        var key = commands.Dialect.KeyType;
        await commands.ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {commands.Lock} (
                feed_id {key} NOT NULL, table_name {key} NOT NULL, format_version bigint NOT NULL,
                epoch bigint NOT NULL, sequence bigint NOT NULL, load_type {key} NOT NULL, schema_json {key}, signature {key},
                run_id {key} NOT NULL, host {key} NOT NULL, process_id bigint NOT NULL, claimed_at {key} NOT NULL,
                {LedgerCommands.RetiredSchemaColumn} {key},
                PRIMARY KEY (feed_id, table_name))
            """, cancellationToken);
        await commands.ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {commands.Load} (
                feed_id {key} NOT NULL, table_name {key} NOT NULL, sequence bigint NOT NULL, load_id {key} NOT NULL, run_id {key} NOT NULL,
                mode {key} NOT NULL, row_count bigint NOT NULL, object_count bigint NOT NULL, byte_count bigint NOT NULL, committed_at {key} NOT NULL,
                audited bigint NOT NULL, {Retired},
                PRIMARY KEY (feed_id, table_name, sequence))
            """, cancellationToken);
        await commands.ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {commands.File} (
                feed_id {key} NOT NULL, table_name {key} NOT NULL, bucket {key} NOT NULL, object_key {key} NOT NULL, generation bigint NOT NULL,
                etag {key} NOT NULL, size bigint NOT NULL, load_id {key} NOT NULL, {Retired},
                PRIMARY KEY (feed_id, table_name, bucket, object_key, generation))
            """, cancellationToken);
    }
    /// <summary>
    /// Adds the columns that tables of an older version lack. Called only when they are needed, because ALTER TABLE requires more permissions
    /// than a load.
    /// </summary>
    public static async Task MigrateAsync(LedgerCommands commands, CancellationToken cancellationToken)
    {
        if (commands.HasRetired)
            return;
        await commands.ExecuteAsync(
            $"ALTER TABLE {commands.Lock} ADD COLUMN {LedgerCommands.RetiredSchemaColumn} {commands.Dialect.KeyType}", cancellationToken);
        await commands.ExecuteAsync($"ALTER TABLE {commands.Load} ADD COLUMN {Retired}", cancellationToken);
        await commands.ExecuteAsync($"ALTER TABLE {commands.File} ADD COLUMN {Retired}", cancellationToken);
        commands.HasRetired = true;
    }

    private const string Retired = LedgerCommands.RetiredColumn + " bigint DEFAULT 0 NOT NULL";
}
