using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>What is suggested about tables on S3, for which a folder stands in unless an engine has to read the bucket.</summary>
internal static class TableOnS3Scenarios
{
    private const string Folder = """{ "kind": "S3External", "name": "tables", "connectionName": "lake", "rootPath": "tables/" }""";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("A table in a bucket has no manifest for Spectrum", ["S3ExternalErrors.NoManifest: SetDestination"], async stage =>
        {
            var feed = Stage.Feed("orders", more: "\"destinationNames\": [\"tables\"], \"schema\": [{ \"name\": \"id\", \"type\": \"bigint\" }]");
            await stage.ImportDocumentAsync(
                $$"""
                {
                  "connections": [ { "name": "lake", "bucketName": "lake", "region": "eu-west-1" } ],
                  "destinations": [ {{Folder}} ],
                  "feeds": [ {{feed}} ]
                }
                """);
            const string Shell = "peaks3feed table orders --as Spectrum";
            const string Cmdlet = "Get-S3FeedTableDefinition -Name orders -As Spectrum";
            await stage.FollowAsync(await stage.FailAsync("TableNotReadable", Shell, Cmdlet), "Manifest");
            Assert.Contains("_spectrum_manifest/manifest", (await stage.DoAsync(Shell, Cmdlet)).Text, StringComparison.Ordinal);
        }),
        new("A feed gets other partitions, and all rows are loaded again", ["FeedConsequences.OtherPartitions: ResetTable"], async stage =>
        {
            await LoadAsync(stage);
            await stage.FollowAsync(await stage.SetAsync("partitionBy=country", "-PartitionBy country"), "drop", confirms: true);
            await stage.LoadAsync();
            AssertFolders(stage, "orders", "country=DE", "country=FR");
        }),
        new("A field of the partitions is not a column", ["FeedRunErrors.PartitionByInvalid: SetFeed PartitionBy <COLUMN>"], async stage =>
        {
            stage.Put("in/a.csv", "id,country\n1,DE\n2,FR\n");
            await ImportAsync(stage, """, "partitionBy": ["region"]""");
            await stage.FollowAsync(await stage.RunFailsAsync("PartitionByInvalid"), "artitionBy", "<COLUMN>", "country");
            await stage.LoadAsync();
            AssertFolders(stage, "orders", "country=DE", "country=FR");
        }),
        new("A table has other partitions, and the feed gets another table", ["ExternalTableErrors.PartitionsDiffer: OtherTable"], async stage =>
        {
            await stage.FollowAsync(await OtherPartitionsAsync(stage), stage.Table);
            await stage.LoadAsync();
            AssertFolders(stage, "orders");
            AssertFolders(stage, "orders_2", "country=DE", "country=FR");
        }),
        new("A table has other partitions, and is dropped", ["ExternalTableErrors.PartitionsDiffer: ResetTable"], async stage =>
        {
            await stage.FollowAsync(await OtherPartitionsAsync(stage), "drop", confirms: true);
            await stage.LoadAsync();
            AssertFolders(stage, "orders", "country=DE", "country=FR");
        }),
        new("Rows have too many partitions", ["ExternalTableErrors.TooManyPartitions: SetFeed PartitionBy <COLUMN>"], async stage =>
        {
            stage.Put("in/a.csv", "id,country\n" + string.Concat(Enumerable.Range(1, 10_002).Select(i => $"{i},{(i % 2 == 0 ? "DE" : "FR")}\n")));
            await ImportAsync(stage, """, "partitionBy": ["id"]""");
            await stage.FollowAsync(await stage.RunFailsAsync("TooManyPartitions"), "artitionBy", "<COLUMN>", "country");
            await stage.LoadAsync();
            AssertFolders(stage, "orders", "country=DE", "country=FR");
        }),
        // No bucket of the tests is on Amazon S3: a folder takes its place while the feed runs.
        new("A definition needs columns that no run has found yet", ["S3ExternalErrors.ColumnsUnknown: Run"], async stage =>
        {
            stage.Put("in/a.csv", "id,country\n1,DE\n2,FR\n");
            S3Scenarios.UseKeys(stage);
            await ImportAsync(stage);
            await ImportLakeAsync(stage, "\"region\": \"eu-west-1\"");
            const string Shell = "peaks3feed table orders --as Spectrum";
            const string Cmdlet = "Get-S3FeedTableDefinition -Name orders -As Spectrum";
            var refused = await stage.FailAsync("TableColumnsUnknown", Shell, Cmdlet);
            await ImportLakeAsync(stage, $"\"endpointUrl\": \"{stage.BucketUrl}\"");
            await stage.FollowAsync(refused, stage.Language == Language.Shell ? "run orders" : "Invoke-S3Feed");
            AssertFolders(stage, "orders");
            await ImportLakeAsync(stage, "\"region\": \"eu-west-1\"");
            Assert.Contains("\"country\" varchar(65535)", (await stage.DoAsync(Shell, Cmdlet)).Text, StringComparison.Ordinal);
        }),
        new("The server of the tables returns other bytes than were written", ["ExternalTablesTest.TryAsync: TestConnection"], async stage =>
        {
            await using var s3 = await FakeS3.StartAsync();
            s3.CreateBucket("lake");
            S3Scenarios.UseKeys(stage);
            await stage.ImportDocumentAsync(
                $$"""
                {
                  "connections": [
                    { "name": "lake", "bucketName": "lake", "region": "eu-west-1", "endpointUrl": "{{s3.Url}}", "forcePathStyle": true }
                  ],
                  "destinations": [ {{Folder}} ]
                }
                """);
            s3.Faults.Enqueue(new() { EndAfter = 3 }, FakeOperation.Get, 1, r => r.Key.Contains("_peaks3feed_test", StringComparison.Ordinal));
            const string Cmdlet = "Test-S3FeedDestination -Name tables | Format-List";
            var failed = await stage.TryAsync("peaks3feed test tables", Cmdlet);
            Assert.Contains("is not the file that was written", failed.Text, StringComparison.Ordinal);
            await stage.FollowAsync(failed, stage.Test);
            await stage.DoAsync("peaks3feed test tables", Cmdlet);
        }),
        new("A ledger file of a table on S3 is damaged", ["ExternalTableErrors.LedgerUnreadable: ResetTable"], async stage =>
        {
            await LoadAsync(stage);
            var ledger = Path.Combine(stage.Bucket, "tables", "orders", "_peaks3feed");
            foreach (var file in Directory.GetFiles(ledger, "*.json", SearchOption.AllDirectories))
                await File.WriteAllTextAsync(file, "{");
            await stage.FollowAsync(await stage.RunFailsAsync("LedgerUnreadable"), "drop", confirms: true);
            await stage.RunAsync();
            AssertFolders(stage, "orders");
        }),
        new("The ledger of a table on S3 is missing", ["ExternalTableErrors.LedgerMissing: ResetTable"], async stage =>
        {
            await LoadAsync(stage);
            Directory.Delete(Path.Combine(stage.Bucket, "tables", "orders", "_peaks3feed"), recursive: true);
            await stage.FollowAsync(await stage.RunFailsAsync("LedgerMissing"), "drop", confirms: true);
            await stage.LoadAsync();
            AssertFolders(stage, "orders");
        }),
        new("Another program lets a table only grow", ["ExternalTableErrors.AppendOnly: Append"], async stage =>
        {
            await LoadAsync(stage, Upsert);
            ChangeLog(stage, "\"configuration\":{", "\"configuration\":{\"delta.appendOnly\":\"true\",");
            stage.Put("in/b.csv", "id,country\n2,DE\n");
            await stage.FollowAsync(await stage.RunFailsAsync("TableAppendOnly"), "Incremental");
            await stage.LoadAsync();
            AssertFolders(stage, "orders");
        }),
        new("A column of another program cannot be copied", ["ExternalTableErrors.ColumnUnreadable: OtherTable"], async stage =>
        {
            await LoadAsync(stage, Upsert);
            ChangeLog(stage, """\"fields\":[""", """\"fields\":[{\"name\":\"ratio\",\"type\":\"float\",\"nullable\":true,\"metadata\":{}},""");
            stage.Put("in/b.csv", "id,country\n2,DE\n");
            await stage.FollowAsync(await stage.RunFailsAsync("ColumnUnreadable"), stage.Table);
            await stage.LoadAsync();
            AssertFolders(stage, "orders_2");
        }),
        new("A column of a table on S3 gets another name", ["TableErrors.CannotRename: ResetTable"], async stage =>
        {
            await LoadAsync(stage);
            await stage.DoAsync(
                "peaks3feed set orders schema.country.name=land",
                "$columns = @(Get-S3FeedSchema -FeedName orders); $columns[1].Name = 'land'; Set-S3Feed -Name orders -Schema $columns");
            stage.Put("in/b.csv", "id,country\n3,FR\n");
            await stage.FollowAsync(await stage.RunFailsAsync("CannotRename"), "drop", confirms: true);
            await stage.LoadAsync();
            AssertFolders(stage, "orders");
        }),
    ];

    private const string Upsert = """, "loadType": "Upsert", "primaryKey": ["id"]""";

    private static async Task<Answer> OtherPartitionsAsync(Stage stage)
    {
        await LoadAsync(stage);
        await stage.SetAsync("partitionBy=country", "-PartitionBy country");
        stage.Put("in/b.csv", "id,country\n3,FR\n");
        return await stage.RunFailsAsync("PartitionsDiffer");
    }

    // What another program would write into the log.
    private static void ChangeLog(Stage stage, string text, string other)
    {
        var entry = Path.Combine(stage.Bucket, "tables", "orders", "_delta_log", "00000000000000000000.json");
        var log = File.ReadAllText(entry);
        Assert.Contains(text, log, StringComparison.Ordinal);
        File.WriteAllText(entry, log.Replace(text, other, StringComparison.Ordinal).Replace(",}", "}", StringComparison.Ordinal));
    }

    private static async Task LoadAsync(Stage stage, string more = "")
    {
        stage.Put("in/a.csv", "id,country\n1,DE\n2,FR\n");
        await ImportAsync(stage, more);
        await stage.LoadAsync();
        AssertFolders(stage, "orders");
    }

    private static Task ImportAsync(Stage stage, string more = "") => stage.ImportDocumentAsync(
        $$"""
        {
          "connections": [ { "name": "lake", "bucketName": "lake", "endpointUrl": "{{stage.BucketUrl}}" } ],
          "destinations": [ {{Folder}} ],
          "feeds": [ {{Stage.Feed("orders", more: "\"destinationNames\": [\"tables\"]" + more)}} ]
        }
        """);

    // The feed's files and the tables are in two connections, of which the second one moves.
    private static Task ImportLakeAsync(Stage stage, string place) => stage.ImportDocumentAsync(
        $$"""
        {
          "connections": [
            { "name": "lake", "bucketName": "lake", "endpointUrl": "{{stage.BucketUrl}}" }, { "name": "far", "bucketName": "lake", {{place}} }
          ],
          "destinations": [ { "kind": "S3External", "name": "tables", "connectionName": "far", "rootPath": "tables/", "spectrumManifest": true } ]
        }
        """);

    // Each partition of a table is a folder with data files. A load that failed leaves folders, but no file in them.
    private static void AssertFolders(Stage stage, string table, params IEnumerable<string> expected)
    {
        var folder = new DirectoryInfo(Path.Combine(stage.Bucket, "tables", table));
        var files = folder.GetFiles("part-*.parquet", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        var found = files.Select(f => f.Directory!.Name).Where(n => n != table && !n.StartsWith('_')).Distinct(StringComparer.Ordinal);
        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
    }
}
