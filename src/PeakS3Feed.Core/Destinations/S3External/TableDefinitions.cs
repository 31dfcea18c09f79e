using PeakS3Feed.Connections;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// The statements with which an engine reads a table on S3. Where the engine can do so, they leave a table that exists as it is. What a person must
/// know or replace is in comments; a placeholder is in angle brackets.
/// </summary>
internal static class TableDefinitions
{
    /// <summary>The database, schema or catalog that gets the table if a person names none.</summary>
    public const string DefaultDatabase = "default";

    private const string DefaultSpectrumSchema = "spectrum";
    private const string Integration = "PEAKS3FEED_DELTA";

    /// <summary>Whether the definition for an engine lists the columns. The other engines read them from the table's log.</summary>
    public static bool NeedsColumns(TableEngine engine) => engine == TableEngine.Spectrum;

    /// <summary>Returns the statements, with line feeds, without a line end after them.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>TableNotReadable</c>: the engine cannot read the table where it is, or not without a manifest.
    /// </exception>
    public static string Create(TableEngine engine, ExternalTable table)
    {
        ThrowIfNotReadable(engine, table);
        var text = engine switch
        {
            TableEngine.Athena => Athena(table),
            TableEngine.Spectrum => Spectrum(table),
            TableEngine.Snowflake => Snowflake(table),
            TableEngine.Databricks => Databricks(table),
            TableEngine.Trino => Trino(table),
            TableEngine.DuckDB => DuckDb(table),
            _ => throw new ArgumentOutOfRangeException(nameof(engine)),
        };
        return text.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>Throws if an engine cannot read a table.</summary>
    /// <exception cref="Errors.FeedException"><c>TableNotReadable</c>.</exception>
    public static void ThrowIfNotReadable(TableEngine engine, ExternalTable table)
    {
        ThrowIfNotReachable(engine, table);
        if (engine == TableEngine.Spectrum && table.Columns is { Partitions.Count: > 0 } columns)
            throw S3ExternalErrors.Partitioned(table, columns.Partitions);
        if (engine == TableEngine.Spectrum && !table.Destination.SpectrumManifest)
            throw S3ExternalErrors.NoManifest(table);
    }

    /// <summary>Throws if an engine cannot read tables where a table is, whatever its columns.</summary>
    /// <exception cref="Errors.FeedException"><c>TableNotReadable</c>.</exception>
    public static void ThrowIfNotReachable(TableEngine engine, ExternalTable table)
    {
        if (table.Connection.IsFolder && engine != TableEngine.DuckDB)
            throw S3ExternalErrors.InFolder(table, engine.ToString());
        if (engine is TableEngine.Athena or TableEngine.Spectrum or TableEngine.Snowflake && !table.Connection.IsOnAmazon)
            throw S3ExternalErrors.NotOnAmazon(table, engine.ToString());
    }

    private static string Athena(ExternalTable table)
    {
        var database = table.Database ?? DefaultDatabase;
        var create = $"""
            -- Athena runs one statement at a time. It reads columns and partitions from the table's log.
            CREATE EXTERNAL TABLE IF NOT EXISTS {Name(TableEngine.Athena, database, table)}
            LOCATION {EngineText.Literal(TableEngine.Athena, table.Location + "/")}
            TBLPROPERTIES ('table_type' = 'DELTA');
            """;
        return table.Database is null
            ? create
            : $"CREATE DATABASE IF NOT EXISTS {EngineText.Identifier(TableEngine.Athena, database)};\n\n{create}";
    }

    private static string Spectrum(ExternalTable table)
    {
        var schema = table.Database ?? DefaultSpectrumSchema;
        var columns = table.FileColumns.Select(c => $"  {EngineText.Identifier(TableEngine.Spectrum, c.Name)} {EngineTypes.Spectrum(c)}");
        var note = table.ColumnsNote is null ? "" : $"-- {table.ColumnsNote}\n";
        return note + $"""
            -- The role of IAM_ROLE must be allowed to read the bucket and the Glue catalog. Redshift reads the files that the manifest names.
            CREATE EXTERNAL SCHEMA IF NOT EXISTS {EngineText.Identifier(TableEngine.Spectrum, schema)}
            FROM DATA CATALOG DATABASE {EngineText.Literal(TableEngine.Spectrum, schema.ToLowerInvariant())}
            IAM_ROLE default
            CREATE EXTERNAL DATABASE IF NOT EXISTS;

            CREATE EXTERNAL TABLE {Name(TableEngine.Spectrum, schema, table)} (
            {string.Join(",\n", columns)}
            )
            STORED AS PARQUET
            LOCATION {EngineText.Literal(TableEngine.Spectrum, $"{table.Location}/{ExternalTable.SpectrumManifest}")};
            """;
    }

    private static string Snowflake(ExternalTable table)
    {
        var volume = EngineText.Identifier(TableEngine.Snowflake, $"peaks3feed_{table.Destination.Name}");
        var provider = AwsPartition.From(table.Connection.Region).Name switch { "aws-us-gov" => "S3GOV", "aws-cn" => "S3CHINA", _ => "S3" };
        return $"""
            -- An administrator creates the volume and the integration once for all tables of the destination {table.Destination.Name}. Replace <ARN>
            -- by a role that may read them; DESC EXTERNAL VOLUME then shows whom the role must trust.
            CREATE EXTERNAL VOLUME IF NOT EXISTS {volume}
              STORAGE_LOCATIONS = ((
                NAME = {EngineText.Literal(TableEngine.Snowflake, table.Destination.Name)}
                STORAGE_PROVIDER = '{provider}'
                STORAGE_BASE_URL = {EngineText.Literal(TableEngine.Snowflake, table.Root)}
                STORAGE_AWS_ROLE_ARN = '<ARN>'
              ))
              ALLOW_WRITES = FALSE;

            CREATE CATALOG INTEGRATION IF NOT EXISTS {Integration}
              CATALOG_SOURCE = OBJECT_STORE
              TABLE_FORMAT = DELTA
              ENABLED = TRUE;

            -- The table takes up new loads by itself; ALTER ICEBERG TABLE … REFRESH does so at once.
            CREATE ICEBERG TABLE IF NOT EXISTS {Name(TableEngine.Snowflake, table.Database, table)}
              CATALOG = {Integration}
              EXTERNAL_VOLUME = {volume}
              BASE_LOCATION = {EngineText.Literal(TableEngine.Snowflake, table.Name + "/")}
              AUTO_REFRESH = TRUE;
            """;
    }

    private static string Databricks(ExternalTable table) => $"""
        -- Needs an external location over {table.Root}, and CREATE EXTERNAL TABLE on it. Columns and partitions come from the table's log.
        CREATE TABLE IF NOT EXISTS {Name(TableEngine.Databricks, table.Database, table)}
        USING DELTA
        LOCATION {EngineText.Literal(TableEngine.Databricks, table.Location)};
        """;

    private static string Trino(ExternalTable table)
    {
        var schema = EngineText.Literal(TableEngine.Trino, (table.Database ?? DefaultDatabase).ToLowerInvariant());
        return $"""
            -- For a catalog with the name delta. Its properties need delta.register-table-procedure.enabled=true.
            CALL delta.system.register_table(
              schema_name => {schema},
              table_name => {EngineText.Literal(TableEngine.Trino, table.Name.ToLowerInvariant())},
              table_location => {EngineText.Literal(TableEngine.Trino, table.Location)});
            """;
    }

    private static string DuckDb(ExternalTable table)
    {
        var view = $"""
            CREATE OR REPLACE VIEW {Name(TableEngine.DuckDB, table.Database, table)} AS
            SELECT * FROM delta_scan({EngineText.Literal(TableEngine.DuckDB, table.Location)});
            """;
        return table.Connection.IsFolder
            ? $"INSTALL delta;\nLOAD delta;\n\n{view}"
            : $"INSTALL delta;\nLOAD delta;\n\n{DuckDbSecret(table)}\n\n{view}";
    }

    private static string DuckDbSecret(ExternalTable table)
    {
        List<string> options = ["TYPE s3", "PROVIDER credential_chain", Option("SCOPE", table.Root)];
        if (table.Connection.Region is { } region)
            options.Add(Option("REGION", region));
        if (!table.Connection.IsOnAmazon && Uri.TryCreate(table.Connection.EndpointUrl, UriKind.Absolute, out var endpoint))
        {
            options.Add(Option("ENDPOINT", endpoint.Authority));
            if (endpoint.Scheme == Uri.UriSchemeHttp)
                options.Add("USE_SSL false");
        }
        if (table.Connection.ForcePathStyle)
            options.Add("URL_STYLE 'path'");
        return "-- The credentials of this machine: the environment, a profile or a role.\n"
            + $"CREATE OR REPLACE SECRET {EngineText.Identifier(TableEngine.DuckDB, $"peaks3feed_{table.Destination.Name}")} (\n"
            + $"  {string.Join(",\n  ", options)}\n);";

        static string Option(string name, string value) => $"{name} {EngineText.Literal(TableEngine.DuckDB, value)}";
    }

    private static string Name(TableEngine engine, string? database, ExternalTable table)
        => EngineText.Identifier(engine, database, table.Name);
}
