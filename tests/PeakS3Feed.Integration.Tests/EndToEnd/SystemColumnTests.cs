using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;
using TestFolder = PeakS3Feed.Testing.TestFolder;

namespace PeakS3Feed.Integration.EndToEnd;

/// <summary>Fields with the names of PostgreSQL's own columns, as bounding boxes have them.</summary>
[Trait(Category.Name, Category.Server)]
public class SystemColumnTests
{
    private const string Header = "tableoid,xmin,cmin,xmax,cmax,ctid,oid,Xmin";

    [SkippableFact]
    public async Task They_get_a_number_from_the_first_file_and_from_a_later_one()
    {
        await using var database = await PostgresSchema.CreateAsync();
        using var folder = new TestFolder();
        using var store = await StoreAsync(database, folder, new S3Feed { Name = "boxes", ConnectionName = "files" });
        await File.WriteAllTextAsync(folder.File("a.csv"), Header + "\n1,2,3,4,5,6,7,8\n");
        Succeeded(await store.RunAsync("boxes"));
        Assert.Equal(
            ["1|2|3|4|5|6|7|8"], await database.QueryAsync("SELECT tableoid_2, xmin_2, cmin_2, xmax_2, cmax_2, ctid_2, oid, xmin_3 FROM boxes"));

        await using var later = await PostgresSchema.CreateAsync();
        using var files = new TestFolder();
        using var second = await StoreAsync(later, files, new S3Feed { Name = "boxes", ConnectionName = "files" });
        await File.WriteAllTextAsync(files.File("a.csv"), "id\n1\n");
        Succeeded(await second.RunAsync("boxes"));
        await File.WriteAllTextAsync(files.File("b.csv"), "id,xmin\n2,0.5\n");
        Succeeded(await second.RunAsync("boxes"));
        Assert.Equal(["1|∅", "2|0.5"], await later.QueryAsync("SELECT id, xmin_2 FROM boxes ORDER BY id"));
    }

    [SkippableFact]
    public async Task A_feed_whose_stored_columns_and_key_have_such_a_name_loads_without_an_edit()
    {
        await using var database = await PostgresSchema.CreateAsync();
        using var folder = new TestFolder();
        var schema = new FeedSchema([new FeedColumn("xmin", "xmin", ColumnType.BigInt), new FeedColumn("note", "note", ColumnType.Text)]);
        using var store = await StoreAsync(
            database, folder, new S3Feed { Name = "boxes", ConnectionName = "files", Schema = schema, LoadType = LoadType.Upsert, PrimaryKey = ["xmin"] });
        await File.WriteAllTextAsync(folder.File("a.csv"), "xmin,note\n1,old\n2,kept\n");
        var first = await store.RunAsync("boxes");
        Succeeded(first);
        var warning = Assert.Single(first.Run.Warnings, w => w.Id == "ColumnNameReserved");
        Assert.Equal("Column xmin is xmin_2 in the table: the destination keeps the name xmin for a column of its own.", warning.Message);
        await File.WriteAllTextAsync(folder.File("b.csv"), "xmin,note,ctid\n1,new,9\n");
        var second = await store.RunAsync("boxes");
        Succeeded(second);
        Assert.DoesNotContain(second.Run.Warnings, w => w.Id == "ColumnNameReserved");
        await File.WriteAllTextAsync(folder.File("c.csv"), "xmin,note\n3,third\n");
        Succeeded(await store.RunAsync("boxes"));

        Assert.Equal(["1|new|9", "2|kept|∅", "3|third|∅"], await database.QueryAsync("SELECT xmin_2, note, ctid_2 FROM boxes ORDER BY xmin_2"));
    }

    private static async Task<TestStore> StoreAsync(PostgresSchema database, TestFolder folder, S3Feed feed)
    {
        var store = new TestStore(database.Password);
        await store.DefineAsync(d => d
            .With(new S3Connection
            {
                Name = "files", BucketName = "bucket", EndpointUrl = new Uri(folder.Path).AbsoluteUri, Status = ConnectionStatus.Verified,
            })
            .With(database.Destination("warehouse"))
            .With(feed with { DestinationNames = ["warehouse"] }));
        return store;
    }

    private static void Succeeded(Feeds.Running.RunResult result)
        => Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString() ?? result.Run.Status.ToString());
}
