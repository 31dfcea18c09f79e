using System.Globalization;

namespace PeakS3Feed.Connections.Policies;

/// <summary>
/// Commands that make the role, or bring the one that there is up to date. Each is one line, and every document stands in single
/// quotes, which it never contains: POSIX shells and PowerShell read both alike.
/// </summary>
internal static class AwsCliForm
{
    public static string Render(S3FeedPolicy policy)
    {
        var role = policy.Role;
        var name = "--role-name " + Quoted(role.Name);
        var trust = Quoted(PolicyJson.Text(w => PolicyJson.Document(w, policy.Trust), indented: false));
        var permission = Quoted(PolicyJson.Text(w => PolicyJson.Document(w, policy.Permission), indented: false));
        var longest = role.LongestSession is { } session
            ? string.Create(CultureInfo.InvariantCulture, $" --max-session-duration {(int)session.TotalSeconds}")
            : "";
        var lines = new List<string>();
        if (role.Exists)
        {
            lines.Add("# The first command replaces the role's whole trust policy.");
            lines.Add($"aws iam update-assume-role-policy {name} --policy-document {trust}");
            if (longest.Length > 0)
                lines.Add($"aws iam update-role {name}{longest}");
        }
        else
        {
            lines.Add($"aws iam create-role {name}{longest} --assume-role-policy-document {trust} --query Role.Arn --output text");
        }
        lines.Add($"aws iam put-role-policy {name} --policy-name {PolicyRole.PolicyName} --policy-document {permission}");
        if (policy.Key is { } key)
        {
            lines.Add($"# For the policy of the key {policy.Connection.KmsKeyArn}, which aws kms put-key-policy replaces as a whole:");
            lines.Add("# " + PolicyJson.Text(w => PolicyJson.Statement(w, key), indented: false));
        }
        return string.Join('\n', lines);
    }

    // Neither the documents nor the names of roles hold a single quote.
    private static string Quoted(string text) => $"'{text}'";
}
