using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.RedshiftApi;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>The ways to log in to the database, and when a temporary password is requested again.</summary>
public sealed class RedshiftCredentialsTests
{
    [Fact]
    public async Task A_fixed_user_needs_no_request()
    {
        await using var h = await ApiHarness.StartAsync();
        var user = new DatabaseUser("loader", "hush");
        using var credentials = h.LogIn(new RedshiftLogin.Fixed(user));
        credentials.Forget(user);
        Assert.Same(user, await credentials.GetAsync(default));
        Assert.Empty(h.Api.Requests);
    }

    [Fact]
    public async Task A_user_of_a_cluster_is_not_created()
    {
        await using var h = await ApiHarness.StartAsync();
        using var credentials = h.LogIn(new RedshiftLogin.ClusterUser("c1", "dev", "loader") { Duration = TimeSpan.FromSeconds(1800) });
        Assert.Equal(new("IAM:loader", "hush+hush/1=="), await credentials.GetAsync(default));

        Assert.Equal(
            [("Action", "GetClusterCredentials"), ("AutoCreate", "false"), ("ClusterIdentifier", "c1"), ("DbName", "dev"), ("DbUser", "loader"), ("DurationSeconds", "1800"), ("Version", "2012-12-01")],
            Assert.Single(h.Api.Requests).Form.Select(f => (f.Key, f.Value)).OrderBy(f => f.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_user_of_an_IAM_identity_is_not_named()
    {
        await using var h = await ApiHarness.StartAsync();
        using var credentials = h.LogIn(new RedshiftLogin.ClusterIam("c1", "dev"));
        Assert.Equal(new("IAM:loader", "hush+hush/1=="), await credentials.GetAsync(default));

        Assert.Equal(
            [("Action", "GetClusterCredentialsWithIAM"), ("ClusterIdentifier", "c1"), ("DbName", "dev"), ("DurationSeconds", "900"), ("Version", "2012-12-01")],
            Assert.Single(h.Api.Requests).Form.Select(f => (f.Key, f.Value)).OrderBy(f => f.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_workgroup_is_asked_with_JSON()
    {
        await using var h = await ApiHarness.StartAsync();
        using var credentials = h.LogIn(new RedshiftLogin.Workgroup("wg", "dev") { Duration = TimeSpan.FromHours(1) });
        Assert.Equal(new("IAMR:loader", "hush+hush/1=="), await credentials.GetAsync(default));

        var request = Assert.Single(h.Api.Requests);
        Assert.Equal("RedshiftServerless.GetCredentials", request.Header("X-Amz-Target"));
        Assert.Equal("""{"workgroupName":"wg","dbName":"dev","durationSeconds":3600}""", request.Text);
        Assert.Contains("/eu-west-1/redshift-serverless/aws4_request", request.Header("Authorization"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_password_is_renewed_before_its_end(int kind)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var h = await ApiHarness.StartAsync(time);
        using var credentials = h.LogIn(OfOneHour(kind));
        var first = await credentials.GetAsync(default);
        time.Advance(TimeSpan.FromMinutes(54));
        Assert.Same(first, await credentials.GetAsync(default));
        time.Advance(TimeSpan.FromMinutes(2));
        var second = await credentials.GetAsync(default);
        Assert.NotEqual(first.Password, second.Password);
        Assert.Equal(2, h.Api.Issued);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_expiry_that_the_service_states_counts_if_it_is_earlier(int kind)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var h = await ApiHarness.StartAsync(time);
        h.Api.MaxDuration = TimeSpan.FromMinutes(15);
        using var credentials = h.LogIn(OfOneHour(kind));
        var first = await credentials.GetAsync(default);
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Same(first, await credentials.GetAsync(default));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotSame(first, await credentials.GetAsync(default));
    }

    [Fact]
    public async Task A_password_that_still_works_is_kept_while_the_service_fails()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var h = await ApiHarness.StartAsync(time);
        using var credentials = h.LogIn(OfOneHour(1));
        var first = await credentials.GetAsync(default);
        time.Advance(TimeSpan.FromMinutes(56));
        h.Api.Fail("GetClusterCredentialsWithIAM", ApiFault.AccessDenied("redshift:GetClusterCredentialsWithIAM"), times: 2);
        Assert.Same(first, await credentials.GetAsync(default));
        Assert.Contains(h.Log, l => l.Contains("dw could not be renewed", StringComparison.Ordinal));

        time.Advance(TimeSpan.FromMinutes(5)); // after its end
        var error = await Assert.ThrowsAsync<FeedException>(async () => await credentials.GetAsync(default));
        Assert.Equal("DestinationCallDenied", error.Id);
        Assert.Contains("redshift:GetClusterCredentialsWithIAM", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_the_database_refused_is_replaced_once()
    {
        await using var h = await ApiHarness.StartAsync();
        using var credentials = h.LogIn(OfOneHour(2));
        var first = await credentials.GetAsync(default);
        credentials.Forget(first);
        var second = await credentials.GetAsync(default);
        credentials.Forget(first); // a second session that had the first password
        Assert.Same(second, await credentials.GetAsync(default));
        Assert.Equal(2, h.Api.Issued);
    }

    [Fact]
    public async Task Sessions_that_open_together_share_one_request()
    {
        await using var h = await ApiHarness.StartAsync();
        using var credentials = h.LogIn(OfOneHour(0));
        var users = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await credentials.GetAsync(default))));
        Assert.Single(users.Distinct());
        Assert.Equal(1, h.Api.Issued);
    }

    [Fact]
    public void Texts_do_not_show_a_password()
    {
        var user = new DatabaseUser("loader", "hush");
        object[] all = [user, new RedshiftLogin.Fixed(user), new ServerlessAnswer("loader", "hush", 1), PeakS3Feed.Aws.GrantedValue<DatabaseUser>.Create(user, DateTimeOffset.UtcNow, TimeSpan.FromHours(1), null)];
        Assert.All(all, o => Assert.DoesNotContain("hush", o.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(899)]
    [InlineData(3601)]
    public void A_duration_that_the_service_refuses_cannot_be_set(int seconds)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new RedshiftLogin.ClusterIam("c1", "dev") { Duration = TimeSpan.FromSeconds(seconds) });

    private static RedshiftLogin OfOneHour(int kind) => kind switch
    {
        0 => new RedshiftLogin.ClusterUser("c1", "dev", "loader") { Duration = TimeSpan.FromHours(1) },
        1 => new RedshiftLogin.ClusterIam("c1", "dev") { Duration = TimeSpan.FromHours(1) },
        _ => new RedshiftLogin.Workgroup("wg", "dev") { Duration = TimeSpan.FromHours(1) },
    };
}
