using Amazon.S3;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.S3;

/// <summary>The generated policies on a policy engine that really enforces them: what a run needs works, all else is refused.</summary>
[Trait(Category.Name, Category.Server)]
public class PolicyTests
{
    // Without a colon, which AWS takes in a resource and Ceph's parser does not.
    public static TheoryData<string> Roots =>
    [
        "/", "incoming/", "data/in/2026/", "in  coming/Ü日本😀+%20/it's \"q\" [x](y){z}/", "../..a/", "%{a}&<b>=#!;|~^,@`\\c/",
    ];

    [SkippableTheory]
    [MemberData(nameof(Roots))]
    public async Task With_exactly_this_policy_test_preview_and_run_work(string root)
    {
        await using var world = await PolicyWorld.OpenAsync(root);
        await world.MakeRoleAsync();
        var engine = world.Store.Engine;
        await foreach (var check in engine.TestConnectionAsync(PolicyWorld.ConnectionName, CephS3.Platform, default))
            Assert.True(check.Outcome == CheckOutcome.Passed || check.Step == ConnectionStep.Kms, check.ToString());
        Assert.Equal(ConnectionStatus.Verified, (await world.ConnectionAsync()).Status);

        var preview = await engine.PreviewAsync(PolicyWorld.FeedName, 5, world.Prefix + "deep er/b+%.csv", CephS3.Platform, default);
        Assert.Equal(world.Prefix + "deep er/b+%.csv", preview.Source.Key);

        var run = (await world.Store.RunAsync(PolicyWorld.FeedName, CephS3.Platform)).Run;
        Assert.True(run.Status == RunStatus.Succeeded, $"{run.ErrorId}: {run.Error}");
        Assert.Equal((2, 2), (run.ObjectsLoaded, run.RowsLoaded));

        // A feed deeper down lists with a longer prefix.
        await world.Store.EditAsync(PolicyWorld.FeedName, f => f with { Path = world.Prefix + "deep er/" });
        await world.PutAsync(world.Bucket, world.Prefix + "deep er/c.csv", "id,name\n3,Cid\n");
        Assert.Equal(1, (await world.Store.RunAsync(PolicyWorld.FeedName, CephS3.Platform)).Run.ObjectsLoaded);
    }

    [SkippableTheory]
    [MemberData(nameof(Roots))]
    public async Task With_exactly_this_policy_everything_else_is_refused(string root)
    {
        await using var world = await PolicyWorld.OpenAsync(root);
        await world.MakeRoleAsync();
        using var role = await world.OpenAsRoleAsync();
        foreach (var (name, call) in await ForbiddenCalls.ListAsync(world))
        {
            var refusal = await Record.ExceptionAsync(() => call(role));
            Assert.True(refusal is AmazonS3Exception { ErrorCode: "AccessDenied" }, $"{name}: {refusal?.ToString() ?? "it works"}");
            var owners = await Record.ExceptionAsync(() => call(world.Owner));
            Assert.True(owners is null, $"{name}: the owner gets {owners}");
        }
    }

    [SkippableFact]
    public async Task The_trust_policy_lets_in_the_principal_with_the_external_id_and_nobody_else()
    {
        // Ceph takes no plus in an external id.
        await using var world = await PolicyWorld.OpenAsync("incoming/", "ext_1=,.@:/-9");
        await world.MakeRoleAsync();
        var connection = await world.ConnectionAsync();
        Assert.Null(await RefusalAsync(connection, CephS3.Platform));
        Assert.Equal("AccessDenied", await RefusalAsync(connection with { ExternalId = "ext_1=,.@:/-8" }, CephS3.Platform));
        Assert.Equal("AccessDenied", await RefusalAsync(connection with { ExternalId = null }, CephS3.Platform));
        Assert.Equal("AccessDenied", await RefusalAsync(connection, CephS3.Customer));
    }

    [SkippableFact]
    public async Task A_server_that_does_not_say_who_we_are_needs_a_trusted_principal()
    {
        await using var world = await PolicyWorld.OpenAsync("/");
        var error = await Assert.ThrowsAsync<FeedException>(
            () => world.Store.Engine.PolicyAsync(PolicyWorld.ConnectionName, trustedPrincipal: null, CephS3.Platform, default));
        Assert.Equal(("PrincipalUnknown", "MethodNotAllowed"), (error.Id, error.ServiceCode));
        await world.Store.DefineAsync(d => d.With(d.FindConnection(PolicyWorld.ConnectionName)! with { TrustedPrincipal = PolicyWorld.Principal }));
        Assert.Equal(
            (await world.PolicyAsync()).ToString(),
            (await world.Store.Engine.PolicyAsync(PolicyWorld.ConnectionName, trustedPrincipal: null, CephS3.Platform, default)).ToString());
    }

    private static async Task<string?> RefusalAsync(S3Connection connection, AccessKey key)
    {
        var role = (await CephS3.TestAsync(connection, key)).Single(c => c.Step == ConnectionStep.AssumeRole);
        return role.Outcome == CheckOutcome.Passed ? null : role.ServiceCode;
    }
}
