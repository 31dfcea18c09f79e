using PeakS3Feed.Remedies;

namespace PeakS3Feed.Connections.Policies;

/// <summary>The least-privilege IAM documents for one connection or destination. Immutable. Contains no secret.</summary>
public sealed class S3FeedPolicy
{
    internal S3FeedPolicy(IReadOnlyList<PolicyGrant> grants) => Grants = grants;

    /// <summary>What the documents are for.</summary>
    public PolicyPurpose For { get; internal init; }

    /// <summary>The name of the connection whose bucket the documents are about; null if they are about no bucket.</summary>
    public string? ConnectionName => Connection?.Name;

    /// <summary>The name of the destination; null for the policies of a source and of a queue.</summary>
    public string? DestinationName { get; internal init; }

    /// <summary>The name of the trigger for the policy of a queue; otherwise null.</summary>
    public string? TriggerName { get; internal init; }

    /// <summary>
    /// The principal that may assume the role: the ARN of a user, a role or an account's root, or an account number. Null if a service may assume it,
    /// or if there is no role.
    /// </summary>
    public string? TrustedPrincipal { get; internal init; }

    /// <summary>The permissions, as indented ASCII JSON. In a chain of roles: those of the last one, which reads the bucket.</summary>
    public string PermissionPolicy => Grants[^1].PermissionText;

    /// <summary>The role's trust policy, as indented ASCII JSON. In a chain of roles: that of the last one. Null if there is no role.</summary>
    public string? TrustPolicy => Grants[^1].TrustText;

    /// <summary>The roles of a chain, in the order in which each assumes the next one; empty if there is only one role or none.</summary>
    public IReadOnlyList<S3FeedPolicyRole> Roles => Grants.Count == 1
        ? []
        : [.. Grants.Select(g => new S3FeedPolicyRole(g.Role!.Arn!, g.PermissionText, g.TrustText!))];

    /// <summary>
    /// The statement, as JSON, for the policy of the customer's KMS key. The key's policy needs it unless it delegates to IAM; always for a key in
    /// another account. Null without a key, and while the definition names no role.
    /// </summary>
    public string? KeyPolicyStatement => Key is { } key ? PolicyJson.Text(w => PolicyJson.Statement(w, key)) : null;

    /// <summary>
    /// The permissions that an engine needs to read the tables, as indented ASCII JSON; null except for <see cref="PolicyPurpose.Table"/>.
    /// </summary>
    public string? ReaderPolicy => Reader?.PermissionText;

    /// <summary>
    /// The statement, as JSON, for the policy of the bucket. It denies every request that would overwrite an entry of a table's log; null except for
    /// <see cref="PolicyPurpose.Table"/>.
    /// </summary>
    public string? BucketPolicyStatement => Bucket is { } bucket ? PolicyJson.Text(w => PolicyJson.Statement(w, bucket)) : null;

    /// <summary>
    /// The policy of the queue, as indented ASCII JSON, which lets S3 send the events of the bucket; null except for <see cref="PolicyPurpose.Queue"/>.
    /// </summary>
    public string? QueuePolicy => Queue is { } queue ? PolicyJson.Text(w => PolicyJson.Document(w, QueueDocuments.Send(queue, Connection!))) : null;

    /// <summary>
    /// The notification configuration of the bucket, as indented ASCII JSON; null except for <see cref="PolicyPurpose.Queue"/>.
    /// </summary>
    public string? BucketNotification => Queue is { } queue ? PolicyJson.Text(w => QueueDocuments.Notification(w, queue)) : null;

    /// <summary>Notes for the person who uses the policy, of one or two sentences each.</summary>
    public IReadOnlyList<string> Notes { get; internal init; } = [];

    internal S3Connection? Connection { get; init; }

    internal IReadOnlyList<PolicyGrant> Grants { get; }

    internal PolicyGrant? Reader { get; init; }

    internal PolicyStatement? Bucket { get; init; }

    internal EventQueue? Queue { get; init; }

    internal PolicyStatement? Key => AccessStatements.ForKeyPolicy(Grants[^1].Permission, Grants[^1].Role?.Arn);

    /// <summary>What the documents are about, in words: <c>the connection acme</c>.</summary>
    internal string Subject => TriggerName is { } trigger ? $"trigger {trigger}" : DestinationName is { } destination ? $"destination {destination}" : $"connection {ConnectionName}";

    /// <summary>The name of the definition, for labels.</summary>
    internal string Label => TriggerName ?? (DestinationName is { } destination ? $"{destination}_{For.ToString().ToLowerInvariant()}" : ConnectionName!);

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

/// <summary>One role of a chain.</summary>
/// <param name="RoleArn">Its ARN.</param>
/// <param name="PermissionPolicy">Its permissions, as indented ASCII JSON.</param>
/// <param name="TrustPolicy">Its trust policy, as indented ASCII JSON.</param>
public sealed record S3FeedPolicyRole(string RoleArn, string PermissionPolicy, string TrustPolicy)
{
    /// <summary>The ARN of the role.</summary>
    public override string ToString() => RoleArn;
}

/// <summary>Who may assume a role, where neither the connection nor the destination says it.</summary>
/// <param name="Principal">The ARN of a user, a role or an account's root, or an account number.</param>
/// <param name="ExternalId">The external id that the trust policy requires.</param>
public sealed record TrustedParty(string Principal, string ExternalId);

/// <summary>What a policy is for.</summary>
public enum PolicyPurpose
{
    /// <summary>The role of a connection lists and reads the objects of feeds.</summary>
    Source,

    /// <summary>The role of a destination's staging connection writes, reads, lists and deletes staged files.</summary>
    Staging,

    /// <summary>The role of a destination's warehouse reads staged files (COPY).</summary>
    Copy,

    /// <summary>The identity of a destination's AWS credentials calls the warehouse's services.</summary>
    DataApi,

    /// <summary>
    /// The role of a destination's connection writes tables on S3, engines read them, and nobody overwrites their logs.
    /// </summary>
    Table,

    /// <summary>The identity of a feed's connection reads the queue of a trigger, and S3 sends the events of the bucket there.</summary>
    Queue,
}

/// <summary>The definition that a policy is shown for.</summary>
/// <param name="Name">The connection for <see cref="PolicyPurpose.Source"/>, otherwise the destination.</param>
/// <param name="Purpose">What the policy is for.</param>
internal sealed record PolicyOwner(string Name, PolicyPurpose Purpose)
{
    /// <summary>Returns the command that shows the policy for a certain principal.</summary>
    public Remedy Show(string principal) => Purpose == PolicyPurpose.Source
        ? Remedy.ShowPolicy(Name, principal)
        : Remedy.DestinationPolicy(Name, Purpose.ToString(), principal);
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
