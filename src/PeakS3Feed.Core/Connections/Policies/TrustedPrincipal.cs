namespace PeakS3Feed.Connections.Policies;

/// <summary>The principal of a trust policy.</summary>
/// <param name="Arn">The ARN or account number.</param>
/// <param name="IsFromSession">Whether it comes from the ARN of a session, which lacks the path of its role.</param>
internal sealed record TrustedPrincipal(string Arn, bool IsFromSession)
{
    private const string SignInRole = "AWSReservedSSO_";

    /// <summary>Returns the principal of the caller's ARN, as STS returns it.</summary>
    public static TrustedPrincipal FromCaller(string arn, PolicyOwner owner)
    {
        var kind = Resource(arn);
        if (kind is "root")
        {
            throw PolicyErrors.PrincipalUnusable(
                owner, $"The base credentials belong to the account's root user ({arn}), which cannot assume roles.",
                "Run PeakS3Feed with the credentials of a user or a role, and name it as the trusted principal.");
        }
        if (kind.StartsWith("federated-user/", StringComparison.Ordinal))
        {
            throw PolicyErrors.PrincipalUnusable(
                owner, $"The base credentials belong to a federated user ({arn}), which cannot assume roles.",
                "Run PeakS3Feed with the credentials of a user or a role, and name it as the trusted principal.");
        }
        return From(arn, owner);
    }

    /// <summary>Returns the principal that a person gave. A session's ARN becomes that of its role.</summary>
    public static TrustedPrincipal From(string given, PolicyOwner owner)
    {
        if (Resource(given).Split('/') is not ["assumed-role", var role, _])
            return new(given, IsFromSession: false);
        var parts = given.Split(':');
        var (partition, account) = (parts[1], parts[4]);
        if (role.StartsWith(SignInRole, StringComparison.Ordinal))
        {
            throw PolicyErrors.PrincipalUnusable(
                owner, $"{given} is a session of IAM Identity Center, and does not contain the full ARN of its role.",
                $"The ARN is arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com/REGION/{role}, or the same without REGION; "
                + $"aws iam get-role --role-name {role} --query Role.Arn shows it.",
                $"arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com/<REGION>/{role}");
        }
        return new($"arn:{partition}:iam::{account}:role/{role}", IsFromSession: true);
    }

    private static string Resource(string arn) => arn.Split(':', 6) is [_, _, _, _, _, var resource] ? resource : "";
}
