using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Secrets;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A plan looks at table and ledger while the first load of the same feed commits elsewhere: it sees both, or neither.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class OneMomentTests
{
    private const int Rounds = 40;

    [Fact]
    public async Task On_SQLite()
    {
        using var folder = new TestFolder();
        await using var database = new SqliteDatabase(folder.File("warehouse.db"));
        await InspectWhileCommittingAsync(database);
    }

    [SkippableFact]
    public async Task On_PostgreSQL()
    {
        using var folder = new TestFolder();
        await using var database = await PostgreSqlDatabase.CreateAsync(folder);
        await InspectWhileCommittingAsync(database);
    }

    private static async Task InspectWhileCommittingAsync(TestDatabase database)
    {
        await using var destination = await BuiltInDestinations.Kinds.OpenAsync(
            database.Definition, new DestinationContext(Path.GetTempPath(), new SecretResolver(), NullLoggerFactory.Instance), CancellationToken.None);
        await using var other = await database.OpenAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var target = new LoadTarget(Guid.NewGuid(), "orders", $"orders_{round}");
            await using var session = await destination.OpenAsync(target, CancellationToken.None);
            await session.ClaimAsync(new RunHolder(Guid.NewGuid(), "here", 1, DateTimeOffset.UnixEpoch), LoadMode.Append, CancellationToken.None);

            var committing = Task.Run(async () =>
            {
                await using var load = other.CreateCommand();
                load.CommandText =
                    $"BEGIN; CREATE TABLE {target.Table} (id bigint); UPDATE peaks3feed_lock SET sequence = 1 WHERE table_name = '{target.Table}'; COMMIT";
                await load.ExecuteNonQueryAsync();
            });
            TableSnapshot seen;
            do
            {
                seen = await session.InspectAsync(CancellationToken.None);
                Assert.Equal(seen.Exists, seen.Ledger!.Sequence > 0);
            }
            while (!seen.Exists);
            await committing;
        }
    }
}
