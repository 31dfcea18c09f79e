using System.Text.Json.Nodes;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Tests.Connections.Policies;

public class TrustedPrincipalTests
{
    private static readonly AccessKey Key = new("AKIAFAKE", "hushhush");
    private static readonly S3Connection Draft = TestPolicy.Draft with { TrustedPrincipal = null };

    [Theory]
    [InlineData("arn:aws:iam::111122223333:user/people/ann", "arn:aws:iam::111122223333:user/people/ann", 0)]
    [InlineData("arn:aws:sts::111122223333:assumed-role/etl/i-0abc", "arn:aws:iam::111122223333:role/etl", 1)]
    [InlineData("arn:aws-cn:sts::111122223333:assumed-role/etl/i-0abc", "arn:aws-cn:iam::111122223333:role/etl", 1)]
    public async Task It_is_whoever_sts_says_we_are(string caller, string principal, int notes)
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.Sts.Caller = caller;
        var policy = await TestPolicy.ConnectionAsync(Draft with { EndpointUrl = s3.Url }, Key);
        Assert.Equal(principal, policy.TrustedPrincipal);
        Assert.Equal(principal, (string?)JsonNode.Parse(policy.TrustPolicy!)!["Statement"]![0]!["Principal"]!["AWS"]);
        Assert.Equal(notes, policy.Notes.Count(n => n.Contains("lacks the path of the role", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("arn:aws:iam::111122223333:root", "root")]
    [InlineData("arn:aws:sts::111122223333:federated-user/bob", "federated user")]
    [InlineData("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_12ab/ann", "IAM Identity Center")]
    public async Task Who_cannot_be_named_is_an_error(string caller, string word)
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.Sts.Caller = caller;
        var error = await TestPolicy.FailAsync("PrincipalUnusable", Draft with { EndpointUrl = s3.Url }, Key);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("peaks3feed policy acme --trusted-principal ", error.Remedies[0].Shell, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_given_stands_for_its_role_and_a_root_for_its_account()
    {
        Assert.Equal("arn:aws:iam::111122223333:role/etl", (await TestPolicy.ConnectionAsync(Draft with { TrustedPrincipal = "arn:aws:sts::111122223333:assumed-role/etl/run" })).TrustedPrincipal);
        Assert.Equal("arn:aws:iam::111122223333:root", (await TestPolicy.ConnectionAsync(Draft with { TrustedPrincipal = "arn:aws:iam::111122223333:root" })).TrustedPrincipal);
    }

    [Fact]
    public async Task A_server_that_does_not_say_is_an_error_that_asks_for_a_name()
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.Faults.Enqueue(new Fault { Status = 405, Code = "MethodNotAllowed", Message = "no" }, FakeOperation.GetCallerIdentity);
        var error = await TestPolicy.FailAsync("PrincipalUnknown", Draft with { EndpointUrl = s3.Url }, Key);
        Assert.Equal("MethodNotAllowed", error.ServiceCode);
        Assert.Equal("peaks3feed policy acme --trusted-principal '<ARN>'", error.Remedies[0].Shell);
    }

    [Fact]
    public async Task No_credentials_are_an_error_that_asks_for_a_name()
    {
        var error = await TestPolicy.FailAsync("PrincipalUnknown", Draft with { ProfileName = "no-such-profile" });
        Assert.Contains("no-such-profile", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_policy_can_help_that_is_said()
    {
        await TestPolicy.FailAsync("PolicyNotNeeded", TestPolicy.Draft with { Anonymous = true });
        await TestPolicy.FailAsync("PolicyNotNeeded", TestPolicy.Draft with { EndpointUrl = "file:///data/in" });
        await TestPolicy.FailAsync("PolicyBucketUnknown", TestPolicy.Draft with { BucketName = "point-abc123-s3alias" });
        await TestPolicy.FailAsync("ConnectionInvalid", TestPolicy.Draft with { TrustedPrincipal = "*" });
    }
}
