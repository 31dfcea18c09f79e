namespace PeakS3Feed.Connections.Policies;

/// <summary>The least-privilege IAM documents for one connection. Immutable. Contains no secret.</summary>
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

    /// <summary>The principal that may assume the role: the ARN of a user, a role or an account's root, or an account number.</summary>
    public string TrustedPrincipal { get; }

    /// <summary>The role's permissions, as indented ASCII JSON.</summary>
    public string PermissionPolicy => PolicyJson.Text(w => PolicyJson.Document(w, Permission));

    /// <summary>The role's trust policy, as indented ASCII JSON.</summary>
    public string TrustPolicy => PolicyJson.Text(w => PolicyJson.Document(w, Trust));

    /// <summary>
    /// The statement, as JSON, for the policy of the customer's KMS key. The key's policy needs it unless it delegates to IAM; always for a key in
    /// another account. Null without a key, and while the connection names no role.
    /// </summary>
    public string? KeyPolicyStatement => Key is { } key ? PolicyJson.Text(w => PolicyJson.Statement(w, key)) : null;

    /// <summary>Notes for the person who uses the policy, of one or two sentences each.</summary>
    public IReadOnlyList<string> Notes { get; }

    internal S3Connection Connection { get; }

    internal IReadOnlyList<PolicyStatement> Permission { get; }

    internal PolicyStatement Trust { get; }

    internal PolicyStatement? Key { get; }

    internal PolicyRole Role => PolicyRole.From(Connection);

    /// <summary>Returns all documents as one text, without a line end after it.</summary>
    public string Render(PolicyForm form) => form switch
    {
        PolicyForm.CloudFormation => CloudFormationForm.Render(this),
        PolicyForm.Terraform => TerraformForm.Render(this),
        PolicyForm.AwsCli => AwsCliForm.Render(this),
        _ => JsonForm.Render(this),
    };

    /// <summary>Returns the form <see cref="PolicyForm.Json"/>.</summary>
    public override string ToString() => Render(PolicyForm.Json);

    /// <summary>Returns whether an edit of a connection makes its policy wrong, so that the role needs a new one.</summary>
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

/// <summary>The forms of a policy.</summary>
public enum PolicyForm
{
    /// <summary>
    /// One JSON object with the permission policy, the trust policy, and the statement for the KMS key's policy if there is one.
    /// </summary>
    Json,

    /// <summary>A CloudFormation template in JSON that creates the role.</summary>
    CloudFormation,

    /// <summary>Terraform code that creates the role.</summary>
    Terraform,

    /// <summary>Commands of the AWS CLI, one on each line, for POSIX shells and PowerShell 7.3 or later.</summary>
    AwsCli,
}
