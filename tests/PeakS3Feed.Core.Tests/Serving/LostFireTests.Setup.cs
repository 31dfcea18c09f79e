using Microsoft.Data.Sqlite;
using PeakS3Feed.Serving;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Tests.Serving;

/// <content>What several of the tests do first.</content>
public partial class LostFireTests
{
    private static async Task RunDueAsync(ServiceHarness h, TriggerService service)
    {
        h.Time.Advance(TwoMinutes);
        await service.TickAsync(null, default);
        await service.DrainAsync(null, default);
    }

    // Nobody has room to run the fire of the schedule; then two requests come.
    private static async Task<(Guid First, Guid Second)> RequestBehindScheduleAsync(ServiceHarness h)
    {
        using var full = h.NewService(mostRuns: 0);
        h.Time.Advance(TwoMinutes);
        await full.TickAsync(null, default);
        Assert.Equal(FireState.Queued, Assert.Single(await h.FiresAsync()).State);
        var hook = await h.Engine.Definitions.FindTriggerAsync("hook");
        return (await full.FireAsync(hook, null, default), await full.FireAsync(hook, null, default));
    }

    private static void Sql(ServiceHarness h, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(h.Engine.Paths.StateDirectory, "state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
