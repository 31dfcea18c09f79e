namespace PeakS3Feed.Connections.Policies;

/// <summary>Who a trust policy names.</summary>
/// <param name="Arn">The principal.</param>
/// <param name="IsFromSession">Whether it was made from the ARN of a session, which does not tell the path of its role.</param>
internal sealed record TrustedPrincipal(string Arn, bool IsFromSession)
{
    private const string SignInRole = "AWSReservedSSO_";

    /// <summary>The principal of the ARN by which STS knows the base credentials.</summary>
    public static TrustedPrincipal FromCaller(string arn, S3Connection connection)
    {
        var kind = Resource(arn);
        if (kind is "root")
        {
            throw PolicyErrors.PrincipalUnusable(
                connection, $"The base credentials are those of the account's root ({arn}), which AWS does not let assume roles.",
                "Run PeakS3Feed with the credentials of a user or a role, and name that.");
        }
        if (kind.StartsWith("federated-user/", StringComparison.Ordinal))
        {
            throw PolicyErrors.PrincipalUnusable(
                connection, $"The base credentials are those of a federated user ({arn}), whom AWS does not let assume roles.",
                "Run PeakS3Feed with the credentials of a user or a role, and name that.");
        }
        return From(arn, connection);
    }

    /// <summary>The principal as a person gave it; a session's ARN stands for its role.</summary>
    public static TrustedPrincipal From(string given, S3Connection connection)
    {
        if (Resource(given).Split('/') is not ["assumed-role", var role, _])
            return new(given, IsFromSession: false);
        var parts = given.Split(':');
        var (partition, account) = (parts[1], parts[4]);
        if (role.StartsWith(SignInRole, StringComparison.Ordinal))
        {
            throw PolicyErrors.PrincipalUnusable(
                connection, $"{given} is a session of IAM Identity Center, and does not tell the whole ARN of its role.",
                $"It is arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com/REGION/{role}, or the same without REGION; "
                + $"aws iam get-role --role-name {role} --query Role.Arn shows it.",
                $"arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com/<REGION>/{role}");
        }
        return new($"arn:{partition}:iam::{account}:role/{role}", IsFromSession: true);
    }

    private static string Resource(string arn) => arn.Split(':', 6) is [_, _, _, _, _, var resource] ? resource : "";
}
