using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Tests.Engine;

public sealed class ConnectionCommandsTests
{
    [Fact]
    public async Task A_new_connection_is_a_draft_with_an_external_id()
    {
        using var test = new TestCommands();
        var made = await test.Commands.AddAsync(TestCommands.Lake with { Status = ConnectionStatus.Verified });
        Assert.Equal(ConnectionStatus.Draft, made.Status);
        Assert.Matches("^[0-9a-f]{32}$", made.ExternalId);
        Assert.Equal(made, await test.Commands.FindConnectionAsync("LAKE"));
    }

    [Fact]
    public async Task One_that_breaks_rules_is_refused_with_all_problems()
    {
        using var test = new TestCommands();
        var error = await test.RefusedAsync("ConnectionInvalid", c => c.AddAsync(new S3Connection { Name = "lake", BucketName = "acme-lake", RootPath = "in" }));
        Assert.StartsWith(
            "The connection \"lake\" is not valid. It has 2 problems. (1) \"in\" is not a valid root path. End it with a slash: in/ (2) ",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(("lake", null), (error.Target, error.Hint));
    }

    [Fact]
    public async Task A_name_in_use_is_refused_with_the_command_that_changes_it()
    {
        using var test = await TestCommands.WithOrdersAsync();
        var error = await test.RefusedAsync("NameInUse", c => c.AddAsync(TestCommands.Lake with { Name = "LAKE", BucketName = "other" }));
        Assert.Equal(("lake", new Remedy("Get-S3Connection -Name lake | Format-List", "peaks3feed export")), (error.Target, Assert.Single(error.Remedies)));
    }

    [Theory]
    [InlineData(nameof(S3Connection.Region), ConnectionStatus.Untested, true)]
    [InlineData(nameof(S3Connection.BucketName), ConnectionStatus.Untested, true)]
    [InlineData(nameof(S3Connection.ExternalId), ConnectionStatus.Untested, true)]
    [InlineData(nameof(S3Connection.RoleArn), ConnectionStatus.Untested, false)]
    [InlineData(nameof(S3Connection.ProfileName), ConnectionStatus.Untested, false)]
    [InlineData(nameof(S3Connection.KmsKeyArn), ConnectionStatus.Verified, true)]
    [InlineData(nameof(S3Connection.TrustedPrincipal), ConnectionStatus.Verified, true)]
    public async Task What_an_edit_touches_decides_about_status_and_policy(string setting, ConnectionStatus status, bool outdatesPolicy)
    {
        using var test = await TestCommands.WithOrdersAsync();
        var change = await test.Commands.EditConnectionAsync("Lake", c => setting switch
        {
            nameof(S3Connection.Region) => c with { Region = "eu-west-2" },
            nameof(S3Connection.BucketName) => c with { BucketName = "other" },
            nameof(S3Connection.ExternalId) => c with { ExternalId = "ext-2" },
            nameof(S3Connection.RoleArn) => c with { RoleArn = "arn:aws:iam::111122223333:role/x" },
            nameof(S3Connection.ProfileName) => c with { ProfileName = "acme" },
            nameof(S3Connection.KmsKeyArn) => c with { KmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000" },
            _ => c with { TrustedPrincipal = "arn:aws:iam::111122223333:user/x" },
        });
        Assert.Equal((ConnectionStatus.Verified, status, outdatesPolicy), (change.Before.Status, change.Connection.Status, change.OutdatesPolicy));
        Assert.Equal(change.Connection, await test.Commands.FindConnectionAsync("lake"));
    }

    [Theory]
    [InlineData(ConnectionStatus.Draft)]
    [InlineData(ConnectionStatus.Untested)]
    public async Task An_edit_says_nothing_about_how_far_a_connection_has_come(ConnectionStatus status)
    {
        using var test = new TestCommands();
        await test.Engine.Store.UpdateAsync(d => d.With(TestCommands.Lake with { Status = status }));
        var change = await test.Commands.EditConnectionAsync("lake", c => c with { RequesterPays = true, Status = ConnectionStatus.Verified });
        Assert.Equal((true, status), (change.Connection.RequesterPays, change.Connection.Status));
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_writes_nothing()
    {
        using var test = await TestCommands.WithOrdersAsync();
        var change = await test.WritesNothingAsync(c => c.EditConnectionAsync("lake", x => x with { Region = "eu-west-1", Status = ConnectionStatus.Draft }));
        Assert.Equal((change.Before, false), (change.Connection, change.OutdatesPolicy));
    }

    [Fact]
    public async Task An_edit_that_breaks_a_rule_is_refused()
    {
        using var test = await TestCommands.WithOrdersAsync();
        Assert.Contains("\"lake\"", (await test.RefusedAsync("ConnectionInvalid", c => c.EditConnectionAsync("lake", x => x with { Region = "Europe!" }))).Message, StringComparison.Ordinal);
        Assert.Contains("name of connection lake", (await test.RefusedAsync("SettingInvalid", c => c.EditConnectionAsync("lake", x => x with { Name = "pond" }))).Message, StringComparison.Ordinal);
        Assert.Equal("It has lake.", (await test.RefusedAsync("ConnectionNotFound", c => c.EditConnectionAsync("sea", x => x))).Hint);
    }

    [Fact]
    public async Task A_new_root_path_may_not_leave_feeds_outside()
    {
        using var test = await TestCommands.WithOrdersAsync();
        await test.Commands.AddAsync(new S3Feed { Name = "all", ConnectionName = "lake" });
        var error = await test.RefusedAsync("ConnectionInvalid", c => c.EditConnectionAsync("lake", x => x with { RootPath = "out/" }));
        Assert.Contains("outside the root path \"out/\": orders.", error.Message, StringComparison.Ordinal);

        Assert.True((await test.Commands.EditConnectionAsync("lake", x => x with { RootPath = "in/orders/" })).OutdatesPolicy);
    }

    [Fact]
    public async Task A_connection_goes_when_no_feed_uses_it()
    {
        using var test = await TestCommands.WithOrdersAsync();
        await test.Commands.AddAsync(TestCommands.Orders with { Id = Guid.NewGuid(), Name = "returns" });
        var error = await test.RefusedAsync("ConnectionInUse", c => c.RemoveConnectionAsync("LAKE"));
        Assert.Contains("the feeds orders, returns use it", error.Message, StringComparison.Ordinal);

        foreach (var feed in (string[])["orders", "returns"]) await test.Engine.RemoveFeedAsync(feed, dropTable: false, default);
        await test.Commands.RemoveConnectionAsync("LAKE");
        Assert.Empty((await test.StoredAsync()).Connections);
        Assert.Equal("The store has no connection yet.", (await test.RefusedAsync("ConnectionNotFound", c => c.RemoveConnectionAsync("lake"))).Hint);
    }
}
