using PeakS3Feed.Aws;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>What is asked for and cannot be had of the policies of a Redshift destination.</summary>
public sealed class RedshiftPolicyErrorTests : IDisposable
{
    private readonly PolicyStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task What_is_named_must_fit_the_purpose()
    {
        await _store.GetAsync(PolicyStore.Workgroup, PolicyPurpose.Staging);
        await _store.Engine.Store.UpdateAsync(d => d
            .With(TestPolicy.Draft with { Name = "alone" }).With(new SqliteDestination { Name = "lite", Path = "x.db" }));

        var missing = await _store.FailAsync("PolicyPurposeUnclear", "DWH", PolicyPurpose.Source);
        Assert.Equal(
            ["peaks3feed policy dwh --for Staging", "peaks3feed policy dwh --for Copy", "peaks3feed policy dwh --for DataApi"],
            missing.Remedies.Select(r => r.Shell));
        var unfit = await _store.FailAsync("PolicyPurposeUnclear", "acme", PolicyPurpose.Copy);
        Assert.Equal(["Get-S3FeedPolicy -Name dwh -For Copy", "Get-S3FeedPolicy -Name acme"], unfit.Remedies.Select(r => r.Cmdlet));
        Assert.Equal([Remedy.ShowPolicy("alone")], (await _store.FailAsync("PolicyPurposeUnclear", "alone", PolicyPurpose.DataApi)).Remedies);
        Assert.Contains("kind SQLite", (await _store.FailAsync("PolicyNotNeeded", "lite", PolicyPurpose.Staging)).Message, StringComparison.Ordinal);
        foreach (var connection in new[] { TestPolicy.Draft with { EndpointUrl = "file:///data/" }, TestPolicy.Draft with { Anonymous = true, ExternalId = null } })
        {
            var unusable = Assert.Throws<FeedException>(() => RedshiftPolicies.ForCopy(PolicyStore.Workgroup, new(connection, [])));
            Assert.True(unusable.Id is "PolicyNotNeeded", unusable.ToString());
        }
        await _store.FailAsync("DestinationNotFound", "nobody", PolicyPurpose.Copy);
        await _store.FailAsync("ConnectionNotFound", "nobody", PolicyPurpose.Source);
        await _store.FailAsync("PrincipalUnusable", "dwh", PolicyPurpose.Copy, "111122223333");
        await _store.FailAsync("PrincipalUnusable", "dwh", PolicyPurpose.DataApi, "111122223333");
    }

    [Fact]
    public async Task A_principal_that_is_missing_is_asked_for_in_the_command_of_the_destination()
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.Sts.Caller = "arn:aws:iam::111122223333:root";
        await _store.Engine.Store.UpdateAsync(d => d
            .With(TestPolicy.Draft with { TrustedPrincipal = null, EndpointUrl = s3.Url }).With(PolicyStore.Workgroup));
        var error = await Assert.ThrowsAsync<FeedException>(
            () => _store.Engine.PolicyAsync("dwh", PolicyPurpose.Staging, null, new AccessKey("AKIAFAKE", "hushhush"), default));
        Assert.Equal("PrincipalUnusable", error.Id);
        Assert.Equal("peaks3feed policy dwh --for Staging --trusted-principal '<ARN>'", Assert.Single(error.Remedies).Shell);
    }
}
