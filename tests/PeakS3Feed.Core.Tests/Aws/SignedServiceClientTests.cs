using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Errors;
using PeakS3Feed.TestServers.RedshiftApi;
using PeakS3Feed.Tests.Destinations.Redshift;

namespace PeakS3Feed.Tests.Aws;

/// <summary>Signed calls: what is sent, what is repeated, and what errors say.</summary>
public sealed class SignedServiceClientTests
{
    private const string Describe = "DescribeStatement";

    [Fact]
    public async Task A_JSON_call_is_signed_with_its_target_and_type()
    {
        await using var h = await ApiHarness.StartAsync();
        await h.Data.ExecuteStatementAsync(new("SELECT 1"), default);

        var request = Assert.Single(h.Api.Requests);
        Assert.Equal(("POST", "/"), (request.Method, request.Path));
        Assert.Equal("RedshiftData.ExecuteStatement", request.Header("X-Amz-Target"));
        Assert.Equal("application/x-amz-json-1.1", request.Header("Content-Type"));
        Assert.Contains("/eu-west-1/redshift-data/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, ", request.Header("Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_call_is_a_form_with_action_and_version()
    {
        await using var h = await ApiHarness.StartAsync();
        await h.Services.Create("redshift").CallQueryAsync("GetClusterCredentials", "2012-12-01", [new("DbUser", "o'neil & söhne +/=")], default);

        var request = Assert.Single(h.Api.Requests);
        Assert.Equal("application/x-www-form-urlencoded", request.Header("Content-Type"));
        Assert.Equal(("GetClusterCredentials", "2012-12-01", "o'neil & söhne +/="), (request.Form["Action"], request.Form["Version"], request.Form["DbUser"]));
        Assert.Contains("/eu-west-1/redshift/aws4_request, SignedHeaders=content-type;host;x-amz-date, ", request.Header("Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_sends_and_signs_its_token()
    {
        await using var h = await WithSessionAsync(new RotatingCredentials());
        await h.Data.ExecuteStatementAsync(new("SELECT 1"), default);

        var request = Assert.Single(h.Api.Requests);
        Assert.Equal("hush//token+1==", request.Header("X-Amz-Security-Token"));
        Assert.Contains(";x-amz-security-token;", request.Header("Authorization"), StringComparison.Ordinal);
    }

    public static TheoryData<ApiFault> Transient => new()
    {
        ApiFault.Throttling,
        ApiFault.Throttling with { CodeInHeader = true },
        ApiFault.InternalError,
        new ApiFault { Code = "ActiveStatementsExceededException" },
        new ApiFault { Status = 503, Page = "<html>busy</html>" },
        new ApiFault { LosesAnswer = true },
    };

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task A_call_that_fails_for_now_is_repeated_with_the_same_bytes(ApiFault fault)
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Fail("ExecuteStatement", fault, times: 3);
        var id = await h.Data.ExecuteStatementAsync(new("SELECT 1"), default);

        Assert.NotEmpty(id);
        Assert.Equal(4, h.Api.Requests.Count);
        Assert.Single(h.Api.Requests.Select(r => r.Text).Distinct());
        Assert.Equal(1, h.Api.Data.Started); // a lost answer started it, and its token found it
        Assert.Equal(3, h.Log.Count(l => l.StartsWith("Calling RedshiftData.ExecuteStatement: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_call_that_goes_on_failing_ends_with_the_services_error()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Fail(Describe, ApiFault.Throttling, times: 100);

        var failure = ServiceFailure.From(await FailsAsync(h, "DestinationNotReady"));
        Assert.Equal((FailureKind.Refused, "ThrottlingException", 400, true), (failure.Kind, failure.Code, failure.Status, failure.IsThrottle));
        Assert.Equal(("Rate exceeded", "11111111-2222-3333-4444-555555555555"), (failure.Message, failure.RequestId));
        Assert.Equal(5, h.Api.Requests.Count);
    }

    [Fact]
    public async Task A_denial_is_not_repeated_and_names_the_operation_to_allow()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Fail(Describe, ApiFault.AccessDenied("redshift-data:DescribeStatement"), times: 2);

        var error = await FailsAsync(h, "DestinationCallDenied");
        Assert.True(ServiceFailure.From(error).IsDenial);
        Assert.Single(h.Api.Requests);
        Assert.Equal(("AccessDeniedException", "dw", "11111111-2222-3333-4444-555555555555"), (error.ServiceCode, error.Target, error.RequestId));
        Assert.Contains("user/loader is not authorized to perform", error.Message, StringComparison.Ordinal);
        Assert.Contains("Allow redshift-data:DescribeStatement", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_query_protocol_is_read_from_XML()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Fail("GetClusterCredentials", new ApiFault { Status = 404, Code = "ClusterNotFound", Message = "Cluster <dw> not found." });

        var error = await Assert.ThrowsAsync<ServiceRefusalException>(
            () => h.Services.Create("redshift").CallQueryAsync("GetClusterCredentials", "2012-12-01", [], default));
        var failure = ServiceFailure.From(error);
        Assert.Equal(("ClusterNotFound", 404, "Cluster <dw> not found."), (failure.Code, failure.Status, failure.Message));
        Assert.Equal("66666666-7777-8888-9999-000000000000", failure.RequestId);
        Assert.Single(h.Api.Requests);
    }

    [Fact]
    public async Task A_session_that_has_expired_is_replaced_once()
    {
        var credentials = new RotatingCredentials();
        await using var h = await WithSessionAsync(credentials);
        h.Api.Fail(Describe, ApiFault.ExpiredToken);
        var id = await h.Data.ExecuteStatementAsync(new("SELECT 1"), default);
        await h.Data.DescribeStatementAsync(new(id), default);
        Assert.Equal(["ASIAFAKE1", "ASIAFAKE2"], h.Requests(Describe).Select(r => r.AccessKeyId));
        Assert.Equal(1, credentials.Forgotten);

        h.Api.Fail(Describe, ApiFault.ExpiredToken, times: 100);
        var error = await FailsAsync(h, "DestinationLoginRefused");
        Assert.Equal("ExpiredTokenException", error.ServiceCode);
        Assert.Equal(2, credentials.Forgotten); // one renewal for each call
        Assert.Equal(4, h.Requests(Describe).Count);
    }

    [Fact]
    public async Task A_fixed_key_is_not_renewed()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Fail(Describe, ApiFault.ExpiredToken, times: 100);
        await FailsAsync(h, "DestinationLoginRefused");
        Assert.Single(h.Api.Requests);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_by_its_signature()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Keys["AKIAFAKE"] = ("another", null);
        var error = await FailsAsync(h, "DestinationLoginRefused");
        Assert.Equal("InvalidSignatureException", error.ServiceCode);
        Assert.Single(h.Api.Requests);
    }

    [Fact]
    public async Task After_a_refusal_because_of_the_clock_the_servers_time_signs()
    {
        var now = DateTimeOffset.UtcNow;
        await using var h = await ApiHarness.StartAsync();
        h.Api.Time = new FakeTimeProvider(now + TimeSpan.FromHours(3));
        var id = await h.Data.ExecuteStatementAsync(new("SELECT 1"), default);
        await h.Data.DescribeStatementAsync(new(id), default);

        Assert.Equal(2, h.Requests("ExecuteStatement").Count);
        Assert.Single(h.Requests(Describe)); // the client remembers the difference
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_not_the_services_answer_and_is_not_shown()
    {
        await using var h = await ApiHarness.StartAsync();
        h.Api.Fail(Describe, new ApiFault { Status = 200, Page = "<html>sign in, hush</html>" });
        Assert.Contains("Another server answers", (await FailsAsync(h, "DestinationUnreachable")).Message, StringComparison.Ordinal);

        h.Api.Fail(Describe, new ApiFault { Status = 407, Page = "<html>sign in, hush</html>" });
        Assert.Contains("Another server answers", (await FailsAsync(h, "DestinationUnreachable")).Message, StringComparison.Ordinal);
        Assert.Equal(2, h.Api.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_is_away_is_unreachable()
    {
        await using var h = await ApiHarness.StartAsync();
        await h.Api.DisposeAsync();
        var error = await FailsAsync(h, "DestinationUnreachable");
        Assert.Equal(FailureKind.Unreachable, ServiceFailure.From(error).Kind);
        Assert.Equal(4, h.Log.Count);
    }

    [Fact]
    public async Task A_cancelled_call_is_not_repeated()
    {
        await using var h = await ApiHarness.StartAsync();
        using var stop = new CancellationTokenSource();
        h.Api.Fail(Describe, ApiFault.Throttling with { Then = stop.Cancel }, times: 100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => h.Data.DescribeStatementAsync(new("x"), stop.Token));
        Assert.Single(h.Api.Requests);
    }

    [Fact]
    public async Task A_profile_that_is_not_there_is_named_with_the_destination()
    {
        await using var api = await FakeRedshiftApi.StartAsync();
        using var services = new SignedServices("eu-west-1", "no-such-profile-here", api.Url, new RedshiftCredentialErrors("dw"), new ListLogger(), TimeProvider.System);
        var error = Assert.Throws<FeedException>(() => services.Create("redshift-data"));
        Assert.Equal(("ProfileNotFound", "dw"), (error.Id, error.Target));
        Assert.Contains("no-such-profile-here", error.Message, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    private static async Task<ApiHarness> WithSessionAsync(RotatingCredentials credentials)
    {
        var h = await ApiHarness.StartAsync(credentials: credentials);
        foreach (var number in Enumerable.Range(1, 3))
        {
            var key = RotatingCredentials.Create(number);
            h.Api.Keys[key.AccessKey] = (key.SecretKey, key.Token);
        }
        return h;
    }

    private static async Task<FeedException> FailsAsync(ApiHarness h, string id)
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => h.Data.DescribeStatementAsync(new("x"), default));
        Assert.Equal(id, error.Id);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.Hint, StringComparison.Ordinal);
        return error;
    }
}
