using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.EndToEnd;

/// <summary>What plans and runs say of a PostgreSQL table and ledger that somebody changed by hand.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class ChangedByHandTests
{
    [SkippableFact]
    public async Task Deleted_ledger_rows_and_dropped_columns_are_reported()
    {
        await using var database = await PostgresSchema.CreateAsync();
        using var store = new TestStore(database.Password);
        var folder = Directory.CreateTempSubdirectory("peaks3feed-test-");
        try
        {
            await store.DefineAsync(d => d
                .With(new S3Connection { Name = "folder", BucketName = "bucket", EndpointUrl = new Uri(folder.FullName).AbsoluteUri, Status = ConnectionStatus.Verified })
                .With(database.Destination("dwh"))
                .With(new S3Feed { Name = "orders", ConnectionName = "folder", DestinationNames = ["dwh"] }));
            await WriteAsync("a.csv", "id,note,Email\n1,a,a@x\n");
            await WriteAsync("b.csv", "id,note,email\n2,b,b@x\n");
            var first = await store.RunAsync("orders");
            Assert.Equal(["HeaderSpelling"], first.Run.Warnings.Select(w => w.Id));
            Assert.Empty(await PlanWarningsAsync());

            await database.ExecuteAsync($"DELETE FROM {database.Name}.peaks3feed_file WHERE object_key = 'a.csv'");
            await database.ExecuteAsync($"ALTER TABLE {database.Name}.orders RENAME COLUMN note TO remark");
            await database.ExecuteAsync($"ALTER TABLE {database.Name}.orders DROP COLUMN peakauditfilename");
            var warnings = await PlanWarningsAsync();
            Assert.Equal(["LedgerIncomplete", "ColumnAddedAgain", "ColumnAddedAgain"], warnings.Select(w => w.Id));
            Assert.EndsWith("1 of 2 rows of peaks3feed_file is missing.", warnings[0].Message, StringComparison.Ordinal);
            Assert.EndsWith("It may have been renamed to remark.", warnings[1].Message, StringComparison.Ordinal);
            Assert.Equal("peakauditfilename", warnings[2].Subject);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text);

        async Task<IReadOnlyList<FeedWarning>> PlanWarningsAsync()
        {
            using var plan = await store.Engine.PlanAsync("orders", accessKey: null, default);
            return plan.Warnings;
        }
    }
}
