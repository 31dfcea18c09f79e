using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Tests.Engine;

public sealed class DestinationCommandsTests
{
    private static readonly PostgreSqlDestination Warehouse = new() { Name = "dwh", Host = "db.example.org", Database = "dwh" };

    [Fact]
    public async Task A_destination_is_made_and_found()
    {
        using var test = new TestCommands();
        await test.Commands.AddAsync(Warehouse);
        Assert.Equal(Warehouse, await test.Commands.FindDestinationAsync("DWH"));
        Assert.Equal("local.db", Assert.IsType<SqliteDestination>(await test.Commands.FindDestinationAsync("local")).Path);
        Assert.Equal("It has dwh, local.", (await test.RefusedAsync("DestinationNotFound", c => c.FindDestinationAsync("sea"))).Hint);
    }

    [Fact]
    public async Task One_that_breaks_rules_or_has_anothers_name_is_refused()
    {
        using var test = new TestCommands();
        await test.Commands.AddAsync(Warehouse);
        var invalid = await test.RefusedAsync("DestinationInvalid", c => c.AddAsync(Warehouse with { Name = "two", Port = 0, Password = "hunter2" }));
        Assert.StartsWith(
            "The destination \"two\" is not valid. It has 2 problems. (1) 0 is not a port: ports are 1 to 65535. (2) ", invalid.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", invalid.Message, StringComparison.Ordinal);
        var taken = await test.RefusedAsync("NameInUse", c => c.AddAsync(new SqliteDestination { Name = "Dwh", Path = "x.db" }));
        Assert.Equal(new Remedy("Get-S3FeedDestination -Name dwh | Format-List", "peaks3feed export"), Assert.Single(taken.Remedies));
    }

    [Fact]
    public async Task Local_is_there_for_good()
    {
        using var test = new TestCommands();
        await test.RefusedAsync("NameReserved", c => c.AddAsync(new SqliteDestination { Name = "LOCAL", Path = "x.db" }));
        await test.RefusedAsync("NameReserved", c => c.EditDestinationAsync("Local", d => d));
        await test.RefusedAsync("NameReserved", c => c.RemoveDestinationAsync("local"));
    }

    [Fact]
    public async Task An_edit_goes_by_the_rules_and_keeps_the_name()
    {
        using var test = new TestCommands();
        await test.Commands.AddAsync(Warehouse);
        Assert.Equal(Warehouse with { Port = 6432 }, await test.Commands.EditDestinationAsync("DWH", d => (PostgreSqlDestination)d with { Port = 6432 }));
        Assert.Equal(Warehouse with { Port = 6432 }, await test.WritesNothingAsync(c => c.EditDestinationAsync("dwh", d => (PostgreSqlDestination)d with { Port = 6432 })));
        Assert.Contains("not a port", (await test.RefusedAsync("DestinationInvalid", c => c.EditDestinationAsync("dwh", d => (PostgreSqlDestination)d with { Port = 0 }))).Message, StringComparison.Ordinal);
        Assert.Contains("name of destination dwh", (await test.RefusedAsync("SettingInvalid", c => c.EditDestinationAsync("dwh", d => d with { Name = "other" }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_goes_when_no_feed_uses_it()
    {
        using var test = await TestCommands.WithOrdersAsync();
        await test.Commands.AddAsync(Warehouse);
        await test.Commands.EditFeedAsync("orders", f => f with { DestinationNames = ["Dwh"] });
        Assert.Contains("the feed orders uses it", (await test.RefusedAsync("DestinationInUse", c => c.RemoveDestinationAsync("DWH"))).Message, StringComparison.Ordinal);
        await test.Commands.EditFeedAsync("orders", f => f with { DestinationNames = ["local"] });
        await test.Commands.RemoveDestinationAsync("DWH");
        Assert.Empty((await test.StoredAsync()).Destinations);
    }
}
