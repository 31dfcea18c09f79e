using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Integration.S3;

namespace PeakS3Feed.Integration.Snowflake;

/// <summary>The role of the storage integration, on a real gateway: the platform's user stands for that of Snowflake.</summary>
public sealed class SnowflakePolicyTests
{
    [SkippableFact]
    public async Task Before_the_integration_exists_nobody_may_assume_the_role()
    {
        await using var world = await OpenAsync();
        var policy = await GetAsync(world, principal: null, externalId: null);
        await using var role = await CephRole.MakeAsync(policy.TrustPolicy!, policy.PermissionPolicy);
        foreach (var key in new[] { CephS3.Platform, CephS3.Customer })
        {
            var check = Find(await TestAsync(world, role, "incoming/stage/", "ext-1", key), ConnectionStep.AssumeRole);
            Assert.Equal((CheckOutcome.Failed, "AccessDenied"), (check.Outcome, check.ServiceCode));
        }
    }

    [SkippableFact]
    public async Task The_user_of_the_integration_reads_staged_files_and_nothing_else()
    {
        await using var world = await OpenAsync();
        var policy = await GetAsync(world, PolicyWorld.Principal, "ext-1");
        // As in PolicyWorld: Ceph has another name for the external id.
        await using var role = await CephRole.MakeAsync(
            policy.TrustPolicy!.Replace("sts:ExternalId", "aws:Referer", StringComparison.Ordinal), policy.PermissionPolicy);

        Assert.All(await TestAsync(world, role, "incoming/stage/", "ext-1", CephS3.Platform), c => Assert.NotEqual(CheckOutcome.Failed, c.Outcome));
        Assert.Equal("AccessDenied", Find(await TestAsync(world, role, "incoming/", "ext-1", CephS3.Platform), ConnectionStep.List).ServiceCode);
        Assert.Equal("AccessDenied", Find(await TestAsync(world, role, "incoming/stage/", "ext-2", CephS3.Platform), ConnectionStep.AssumeRole).ServiceCode);
        Assert.Equal("AccessDenied", Find(await TestAsync(world, role, "incoming/stage/", "ext-1", CephS3.Customer), ConnectionStep.AssumeRole).ServiceCode);
    }

    private static async Task<PolicyWorld> OpenAsync()
    {
        var world = await PolicyWorld.OpenAsync("incoming/");
        await world.PutAsync(world.Bucket, "incoming/stage/a.csv", "id\n1\n");
        await world.Store.DefineAsync(d => d.WithoutFeed(d.FindFeed(PolicyWorld.FeedName)!.Id).With(new SnowflakeDestination
        {
            Name = "dwh", Account = "acme-sales", AccessToken = "env:T", Database = "SALES", StagingConnection = PolicyWorld.ConnectionName, StagingPrefix = "stage/",
        }));
        return world;
    }

    private static Task<S3FeedPolicy> GetAsync(PolicyWorld world, string? principal, string? externalId)
        => world.Store.Engine.PolicyAsync("dwh", PolicyPurpose.Copy, principal, externalId, accessKey: null, default);

    private static async Task<IReadOnlyList<ConnectionCheck>> TestAsync(PolicyWorld world, CephRole role, string root, string externalId, AccessKey key)
        => await CephS3.TestAsync(await world.ConnectionAsync() with { RootPath = root, RoleArn = role.Arn, ExternalId = externalId }, key);

    private static ConnectionCheck Find(IEnumerable<ConnectionCheck> checks, ConnectionStep step) => checks.Single(c => c.Step == step);
}
