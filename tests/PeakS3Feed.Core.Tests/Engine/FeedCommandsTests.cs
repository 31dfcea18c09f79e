using PeakS3Feed.Feeds;
using PeakS3Feed.Remedies;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Engine;

public sealed class FeedCommandsTests
{
    private static S3Feed Another => TestCommands.Orders with { Id = Guid.NewGuid(), Name = "returns" };

    [Fact]
    public async Task A_feed_is_made_and_found()
    {
        using var test = await TestCommands.WithOrdersAsync();
        var made = await test.Commands.AddAsync(Another);
        Assert.Equal(made.Id, (await test.Commands.FindFeedAsync("RETURNS")).Id);
        Assert.Equal("It has orders, returns.", (await test.RefusedAsync("FeedNotFound", c => c.FindFeedAsync("sales"))).Hint);
    }

    [Fact]
    public async Task One_that_breaks_rules_is_refused_with_all_problems()
    {
        using var test = await TestCommands.WithOrdersAsync();
        var error = await test.RefusedAsync("FeedInvalid", c => c.AddAsync(Another with { Path = "out/", LoadType = LoadType.Upsert, CommitEveryBytes = 0 }));
        Assert.Contains("\"returns\" is not valid. It has 3 problems. (1) The path \"out/\" is not under the root path \"in/\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"in/out/\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("(3) ", error.Message, StringComparison.Ordinal);

        var column = new FeedColumn("id", "id", ColumnType.BigInt);
        await test.RefusedAsync("FeedInvalid", c => c.AddAsync(Another with { Schema = new FeedSchema([column, column]) }));
        await test.RefusedAsync("FeedInvalid", c => c.EditFeedAsync("orders", f => f with { Schema = new FeedSchema([column, column]) }));
    }

    [Fact]
    public async Task What_it_names_must_be_there()
    {
        using var test = await TestCommands.WithOrdersAsync();
        Assert.Equal("It has lake.", (await test.RefusedAsync("ConnectionNotFound", c => c.AddAsync(Another with { ConnectionName = "sea" }))).Hint);
        Assert.Equal("It has local.", (await test.RefusedAsync("DestinationNotFound", c => c.AddAsync(Another with { DestinationNames = ["dwh"] }))).Hint);
        await test.RefusedAsync("ConnectionNotFound", c => c.EditFeedAsync("orders", f => f with { ConnectionName = "sea" }));
    }

    [Fact]
    public async Task Name_and_id_belong_to_one_feed()
    {
        using var test = await TestCommands.WithOrdersAsync();
        var error = await test.RefusedAsync("NameInUse", c => c.AddAsync(Another with { Name = "Orders" }));
        Assert.Equal(("orders", new Remedy("Get-S3Feed -Name orders | Format-List", "peaks3feed export orders")), (error.Target, Assert.Single(error.Remedies)));
        await test.RefusedAsync("FeedIdInUse", c => c.AddAsync(TestCommands.Orders with { Name = "returns" }));
    }

    [Fact]
    public async Task An_edit_keeps_id_and_name()
    {
        using var test = await TestCommands.WithOrdersAsync();
        var now = await test.Commands.EditFeedAsync("ORDERS", f => f with { Include = ["a*.csv"], Tags = ["x"] });
        Assert.Equal((TestCommands.Orders.Id, "orders"), (now.Id, now.Name));
        Assert.Equal(["a*.csv"], (await test.Commands.FindFeedAsync("orders")).Include);

        Assert.Contains("id of feed orders", (await test.RefusedAsync("SettingInvalid", c => c.EditFeedAsync("orders", f => f with { Id = Guid.NewGuid() }))).Message, StringComparison.Ordinal);
        Assert.Contains("name of feed orders", (await test.RefusedAsync("SettingInvalid", c => c.EditFeedAsync("orders", f => f with { Name = "sales" }))).Message, StringComparison.Ordinal);
        Assert.Contains("The path \"in\"", (await test.RefusedAsync("FeedInvalid", c => c.EditFeedAsync("orders", f => f with { Path = "in" }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_writes_nothing()
    {
        using var test = await TestCommands.WithOrdersAsync();
        await test.Commands.EditFeedAsync("orders", f => f with { Tags = ["x"] });
        await test.WritesNothingAsync(c => c.EditFeedAsync("orders", f => f with { Tags = new List<string> { "x" } }));
        await test.WritesNothingAsync(c => c.SetEnabledAsync("orders", enabled: true));
        await test.WritesNothingAsync(c => c.RenameFeedAsync("orders", "orders"));
    }

    [Fact]
    public async Task A_feed_is_disabled_and_enabled()
    {
        using var test = await TestCommands.WithOrdersAsync();
        Assert.False((await test.Commands.SetEnabledAsync("orders", enabled: false)).Enabled);
        Assert.False((await test.Commands.FindFeedAsync("orders")).Enabled);
        Assert.True((await test.Commands.SetEnabledAsync("orders", enabled: true)).Enabled);
    }

    [Fact]
    public async Task A_new_name_leaves_id_and_table()
    {
        using var test = await TestCommands.WithOrdersAsync();
        var now = await test.Commands.RenameFeedAsync("orders", "Orders");
        Assert.Equal(("Orders", "orders"), (now.Name, now.TableName));
        now = await test.Commands.RenameFeedAsync("orders", "sales");
        Assert.Equal((TestCommands.Orders.Id, "sales", "orders"), (now.Id, now.Name, now.TableName));
        Assert.Equal("sales", Assert.Single((await test.StoredAsync()).Feeds).Name);

        await test.Commands.AddAsync(Another);
        await test.RefusedAsync("NameInUse", c => c.RenameFeedAsync("sales", "RETURNS"));
        await test.RefusedAsync("FeedInvalid", c => c.RenameFeedAsync("sales", "2sales"));
    }

    [Fact]
    public async Task A_copy_has_id_and_table_of_its_own()
    {
        using var test = await TestCommands.WithOrdersAsync();
        var schema = new FeedSchema([new("id", "id", ColumnType.BigInt)]);
        await test.Commands.EditFeedAsync("orders", f => f with { Table = "t", AdoptTable = true, Enabled = false, Schema = schema });
        var copy = await test.Commands.CopyFeedAsync("orders", "returns", f => f with { Path = "in/returns/" });
        Assert.NotEqual(TestCommands.Orders.Id, copy.Id);
        Assert.Equal(("returns", "returns", "in/returns/", false, false), (copy.Name, copy.TableName, copy.Path, copy.AdoptTable, copy.Enabled));
        Assert.Equal(schema, (await test.Commands.FindFeedAsync("returns")).Schema);
        Assert.Equal("t", (await test.Commands.FindFeedAsync("orders")).TableName);

        await test.RefusedAsync("NameInUse", c => c.CopyFeedAsync("orders", "Returns", edit: null));
        await test.RefusedAsync("FeedInvalid", c => c.CopyFeedAsync("orders", "more", f => f with { Path = "out/" }));
        await test.RefusedAsync("SettingInvalid", c => c.CopyFeedAsync("orders", "more", _ => TestCommands.Orders));
    }
}
