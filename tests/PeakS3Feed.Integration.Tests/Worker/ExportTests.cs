namespace PeakS3Feed.Integration.Worker;

public sealed class ExportTests
{
    [Fact]
    public async Task What_is_exported_is_imported_elsewhere_as_it_was()
    {
        using var store = await WorkerStore.WithFeedAsync();
        (await store.RunAsync("set", "orders", "csv.nullValues=\u202En/a")).Exits(0);
        var document = (await store.RunAsync("export")).Exits(0).Output;
        Assert.DoesNotContain('\u202E', document);
        using var other = new WorkerStore();
        Assert.Equal("added      connection   lake\nadded      feed         orders\n", (await other.RunAsync(["import", "-"], document)).Exits(0).Output);
        Assert.Equal(document, (await other.RunAsync("export")).Exits(0).Output);
    }

    [Fact]
    public async Task Single_feeds_come_with_what_they_need()
    {
        using var store = await WorkerStore.WithFeedAsync();
        (await store.RunAsync(["import", "-"], """
            { "connections": [ { "name": "other", "bucketName": "other-bucket", "region": "eu-west-1" } ],
              "destinations": [ { "kind": "Sqlite", "name": "warehouse", "path": "w.db" } ],
              "feeds": [ { "name": "returns", "connectionName": "other", "fileType": "Csv", "destinationNames": [ "warehouse" ] } ] }
            """)).Exits(0);
        var returns = (await store.RunAsync("export", "ret*")).Exits(0).Output;
        Assert.Contains("\"warehouse\"", returns, StringComparison.Ordinal);
        Assert.DoesNotContain("\"lake\"", returns, StringComparison.Ordinal);
        Assert.DoesNotContain("warehouse", (await store.RunAsync("export", "orders")).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("No feed of this store matches \"nope\"", (await store.RunAsync("export", "nope")).Exits(2).Error, StringComparison.Ordinal);
    }
}
