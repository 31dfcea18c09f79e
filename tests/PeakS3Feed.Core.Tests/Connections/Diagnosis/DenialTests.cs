using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Tests.Connections.Diagnosis;

public class DenialTests
{
    [Theory]
    [InlineData("because no identity-based policy allows the s3:ListBucket action", "Identity", false, null)]
    [InlineData("with an explicit deny in an identity-based policy", "Identity", true, null)]
    [InlineData("with an explicit deny in an identity-based policy: arn:aws:iam::444455556666:policy/Limits", "Identity", true, "arn:aws:iam::444455556666:policy/Limits")]
    [InlineData("because no resource-based policy allows the s3:ListBucket action", "Resource", false, null)]
    [InlineData("with an explicit deny in a resource-based policy", "Resource", true, null)]
    [InlineData("because no service control policy allows the s3:ListBucket action", "ServiceControl", false, null)]
    [InlineData("with an explicit deny in a resource control policy", "ResourceControl", true, null)]
    [InlineData("with an explicit deny in a permissions boundary", "Boundary", true, null)]
    [InlineData("with an explicit deny in a permissions boundary: arn:aws:iam::444455556666:policy/Edge", "Boundary", true, "arn:aws:iam::444455556666:policy/Edge")]
    [InlineData("because no session policy allows the s3:ListBucket action", "Session", false, null)]
    [InlineData("because no VPC endpoint policy allows the s3:ListBucket action", "Endpoint", false, null)]
    [InlineData("because no role trust policy allows the sts:AssumeRole action", "Trust", false, null)]
    [InlineData("", "Unknown", false, null)]
    [InlineData("because of something that AWS has not invented yet", "Unknown", false, null)]
    public void The_policy_at_fault_is_read_from_the_words(string why, string layer, bool isExplicit, string? arn)
    {
        var denial = Denial.Parse(AwsRefusals.NotAuthorizedByS3("s3:ListBucket", "arn:aws:s3:::acme", why).Message)!;
        Assert.Equal((AwsRefusals.Session, "s3:ListBucket", "arn:aws:s3:::acme"), (denial.Principal, denial.Action, denial.Resource));
        Assert.Equal((layer, isExplicit, arn), (denial.Layer.ToString(), denial.IsExplicit, denial.PolicyArn));
    }

    [Theory]
    [InlineData("Access Denied")]
    [InlineData("")]
    [InlineData("The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.")]
    public void Words_without_an_action_say_nothing(string message) => Assert.Null(Denial.Parse(message));
}
