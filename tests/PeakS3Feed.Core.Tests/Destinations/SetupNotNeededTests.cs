using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>The set-up of destinations that need none.</summary>
public sealed class SetupNotNeededTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FeedEngine _engine;

    public SetupNotNeededTests() => _engine = new(StorePaths.Resolve(_folder.Path));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Other_kinds_need_no_set_up_and_say_which_commands_help()
    {
        await _engine.Store.UpdateAsync(d => d.With(TestPolicy.Draft).With(new RedshiftDestination
        {
            Name = "dwh", WorkgroupName = "wg", Region = "eu-west-1", Database = "dev", StagingConnection = "acme",
        }));
        var redshift = await Assert.ThrowsAsync<FeedException>(() => _engine.SetupAsync("dwh", null, null, default));
        Assert.Equal("SetupNotNeeded", redshift.Id);
        Assert.Equal(
            [
                "Get-S3FeedPolicy -Name dwh -For Staging", "Get-S3FeedPolicy -Name dwh -For Copy", "Get-S3FeedPolicy -Name dwh -For DataApi",
                "Test-S3FeedDestination -Name dwh",
            ],
            redshift.Remedies.Select(r => r.Cmdlet));
        var local = await Assert.ThrowsAsync<FeedException>(() => _engine.SetupAsync("local", null, null, default));
        Assert.Equal(["peaks3feed test local"], local.Remedies.Select(r => r.Shell));
    }
}
