namespace PeakS3Feed.Destinations.S3External;

/// <summary>The engines for which the definition of a table on S3 can be printed.</summary>
public enum TableEngine
{
    /// <summary>Amazon Athena, engine version 3. It reads the table's log.</summary>
    Athena,

    /// <summary>Amazon Redshift Spectrum. It reads the files that the table's manifest names.</summary>
    Spectrum,

    /// <summary>Snowflake, as an Iceberg table over the Delta log (Delta Direct).</summary>
    Snowflake,

    /// <summary>Databricks, as an external table.</summary>
    Databricks,

    /// <summary>Trino with its Delta Lake connector.</summary>
    Trino,

    /// <summary>DuckDB with its extension delta.</summary>
    DuckDB,
}
