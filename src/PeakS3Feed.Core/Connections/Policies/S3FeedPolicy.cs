namespace PeakS3Feed.Connections.Policies;

/// <summary>The least-privilege IAM documents that let one connection in. Immutable; holds no secret.</summary>
public sealed class S3FeedPolicy
{
    internal S3FeedPolicy(S3Connection connection, string trustedPrincipal, IReadOnlyList<string> notes)
    {
        Connection = connection;
        TrustedPrincipal = trustedPrincipal;
        Notes = notes;
        Permission = AccessStatements.Permission(connection);
        Trust = AccessStatements.Trust(connection, trustedPrincipal);
        Key = AccessStatements.Key(connection);
    }

    /// <summary>The connection's name.</summary>
    public string ConnectionName => Connection.Name;

    /// <summary>Who may assume the role: the ARN of a user, a role or an account's root, or an account's number.</summary>
    public string TrustedPrincipal { get; }

    /// <summary>What the role may do, as JSON in ASCII, indented.</summary>
    public string PermissionPolicy => PolicyJson.Text(w => PolicyJson.Document(w, Permission));

    /// <summary>Who may assume the role, as JSON in ASCII, indented.</summary>
    public string TrustPolicy => PolicyJson.Text(w => PolicyJson.Document(w, Trust));

    /// <summary>
    /// The statement, as JSON, that the policy of the customer's KMS key needs where that policy does not leave such decisions to IAM,
    /// always so for a key in another account; null without a key, and as long as the connection names no role.
    /// </summary>
    public string? KeyPolicyStatement => Key is { } key ? PolicyJson.Text(w => PolicyJson.Statement(w, key)) : null;

    /// <summary>What a person should know before using it, one sentence or two each.</summary>
    public IReadOnlyList<string> Notes { get; }

    internal S3Connection Connection { get; }

    internal IReadOnlyList<PolicyStatement> Permission { get; }

    internal PolicyStatement Trust { get; }

    internal PolicyStatement? Key { get; }

    internal PolicyRole Role => PolicyRole.From(Connection);

    /// <summary>All of it in one text, with line feeds and without one at the end.</summary>
    public string Render(PolicyForm form) => form switch
    {
        PolicyForm.CloudFormation => CloudFormationForm.Render(this),
        PolicyForm.Terraform => TerraformForm.Render(this),
        PolicyForm.AwsCli => AwsCliForm.Render(this),
        _ => JsonForm.Render(this),
    };

    /// <summary>The form <see cref="PolicyForm.Json"/>.</summary>
    public override string ToString() => Render(PolicyForm.Json);

    /// <summary>Whether an edit of a connection makes the policy that was handed out for it wrong: a new one is needed.</summary>
    public static bool IsOutdated(S3Connection before, S3Connection after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var keyKnowsAnother = before is { KmsKeyArn: not null, RoleArn: { } role } && role != after.RoleArn;
        return !after.Anonymous && !after.IsFolder && (keyKnowsAnother || !Parts(before).Equals(Parts(after)));

        static object Parts(S3Connection c)
            => (c.BucketName, c.Region, c.RootPath, c.KmsKeyArn, c.ExternalId, c.TrustedPrincipal, PolicyRole.From(c).LongestSession);
    }
}

/// <summary>The forms in which a policy can be handed on.</summary>
public enum PolicyForm
{
    /// <summary>
    /// One JSON object with the permission policy and the trust policy, and the statement for the KMS key's policy where there is one.
    /// </summary>
    Json,

    /// <summary>A CloudFormation template in JSON that makes the role.</summary>
    CloudFormation,

    /// <summary>Terraform's HCL for the role.</summary>
    Terraform,

    /// <summary>Commands of the AWS CLI, one a line, the same for a POSIX shell and PowerShell 7.3 or later.</summary>
    AwsCli,
}
