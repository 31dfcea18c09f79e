namespace PeakS3Feed.Integration.Worker;

/// <summary>Tables on S3 on the command line: what is printed, and what is refused.</summary>
public class TableCommandTests
{
    private const string Document = """
        { "connections": [ { "name": "acme", "bucketName": "acme-data", "region": "eu-west-1" } ],
          "destinations": [ { "kind": "S3External", "name": "lake", "connectionName": "acme", "rootPath": "lake/" } ],
          "feeds": [ { "name": "orders", "connectionName": "acme", "path": "orders/", "fileType": "Csv", "destinationNames": ["lake"], "partitionBy": ["country"],
                       "schema": [ { "name": "id", "type": "bigint" }, { "name": "country", "type": "text" } ] } ] }
        """;

    [Fact]
    public async Task The_output_is_the_statements_and_nothing_else()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Document)).Exits(0);
        var table = (await store.RunAsync("table", "orders", "--as", "databricks", "--database", "main.sales")).Exits(0);
        Assert.Equal("", table.Error);
        Assert.Equal(
            """
            -- Needs an external location over s3://acme-data/lake/, and CREATE EXTERNAL TABLE on it. Columns and partitions come from the table's log.
            CREATE TABLE IF NOT EXISTS `main`.`sales`.`orders`
            USING DELTA
            LOCATION 's3://acme-data/lake/orders';
            """.ReplaceLineEndings("\n"),
            table.Output.ReplaceLineEndings("\n").TrimEnd('\n'));
    }

    [Fact]
    public async Task An_engine_or_a_registration_is_asked_for()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Document)).Exits(0);
        Assert.Contains("Give either --as with an engine, or --register.", (await store.RunAsync("table", "orders")).Exits(2).Error, StringComparison.Ordinal);
        var engine = (await store.RunAsync("table", "orders", "--as", "hive")).Exits(2);
        Assert.Contains("\"hive\" is not an engine. The engines are Athena, Spectrum,", engine.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("--endpoint-url needs --register.", (await store.RunAsync("table", "orders", "--as", "Trino", "--endpoint-url", "https://x")).Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_and_settings_of_the_destination_are_set_shown_and_exported()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Document)).Exits(0);
        var set = (await store.RunAsync("set", "orders", "partitionBy=country,id")).Exits(0);
        Assert.Contains("""orders: partitionBy: ["country"] -> ["country","id"]""", set.Output, StringComparison.Ordinal);
        Assert.Contains("""lake: compression: (default) -> "Snappy" """.Trim(), (await store.RunAsync("set", "lake", "compression=Snappy")).Exits(0).Output, StringComparison.Ordinal);
        var export = (await store.RunAsync("export", "orders")).Exits(0).Output;
        Assert.Contains("\"compression\": \"Snappy\"", export, StringComparison.Ordinal);
        Assert.Contains("\"partitionBy\": [", export, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_table_on_S3_is_compacted_and_vacuumed()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Document)).Exits(0);
        (await store.RunAsync("set", "orders", "destinationNames=local", "partitionBy=")).Exits(0);
        foreach (var command in new[] { "optimize", "vacuum" })
        {
            var refused = (await store.RunAsync(command, "orders")).Exits(2);
            Assert.Contains("local (SQLite), which is not a table on S3", refused.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
        var early = (await store.RunAsync("vacuum", "orders", "--older-than", "1d")).Exits(2);
        Assert.Contains("younger than 7 days", early.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }
}
