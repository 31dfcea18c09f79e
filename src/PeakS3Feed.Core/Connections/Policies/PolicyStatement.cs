namespace PeakS3Feed.Connections.Policies;

/// <summary>A statement that allows or denies actions.</summary>
/// <param name="Sid">Its name: letters and digits.</param>
/// <param name="Actions">The actions, at least one.</param>
/// <param name="Resources">The resources; empty in a trust policy.</param>
/// <param name="Principal">The principal; null in a permission policy.</param>
/// <param name="Conditions">The conditions, which must all be true.</param>
internal sealed record PolicyStatement(
    string Sid, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources, PolicyPrincipal? Principal,
    params IReadOnlyList<PolicyCondition> Conditions)
{
    /// <summary>Whether the statement denies the actions.</summary>
    public bool Denies { get; init; }
}

/// <summary>The principal of a statement.</summary>
/// <param name="Kind">The kind: <c>AWS</c> or <c>Service</c>.</param>
/// <param name="Values">ARNs or account numbers, or the names of services; at least one.</param>
internal sealed record PolicyPrincipal(string Kind, params IReadOnlyList<string> Values)
{
    /// <summary>A user, a role or an account.</summary>
    public static PolicyPrincipal Aws(string arn) => new("AWS", arn);

    /// <summary>Services of AWS.</summary>
    public static PolicyPrincipal Service(params IReadOnlyList<string> names) => new("Service", names);
}

/// <summary>A condition of a statement. A statement has each operator at most once.</summary>
/// <param name="Operator">The operator: <c>StringEquals</c>.</param>
/// <param name="Key">The key: <c>s3:prefix</c>.</param>
/// <param name="Values">The values, of which one must match.</param>
internal sealed record PolicyCondition(string Operator, string Key, params IReadOnlyList<string> Values);

/// <summary>A role of a policy.</summary>
/// <param name="Name">Its name in IAM.</param>
/// <param name="Path">Its path in IAM, with slashes at both ends.</param>
/// <param name="LongestSession">The session duration that the role must allow; null if the default of one hour is enough.</param>
/// <param name="Arn">Its ARN if the definition names the role, which then exists; null for a role that is to be created.</param>
internal sealed record PolicyRole(string Name, string Path, TimeSpan? LongestSession, string? Arn)
{
    private static readonly TimeSpan Granted = TimeSpan.FromHours(1);

    /// <summary>Whether the definition already names the role.</summary>
    public bool Exists => Arn is not null;

    /// <summary>The account that the role belongs to, or null.</summary>
    public string? Account => Arn?.Split(':')[4] is { Length: > 0 } account ? account : null;

    /// <summary>Returns the connection's role, or the role to create for it.</summary>
    public static PolicyRole From(S3Connection connection)
    {
        TimeSpan? longest = connection.SessionDuration > Granted ? connection.SessionDuration : null;
        return connection.RoleArn is { } arn
            ? FromArn(arn) with { LongestSession = longest }
            : ToCreate($"peaks3feed-{connection.Name}") with { LongestSession = longest };
    }

    /// <summary>Returns a role that exists.</summary>
    public static PolicyRole FromArn(string arn)
    {
        var slash = arn.LastIndexOf('/');
        return new(arn[(slash + 1)..], arn[arn.IndexOf('/', StringComparison.Ordinal)..(slash + 1)], LongestSession: null, arn);
    }

    /// <summary>Returns a role that does not exist yet.</summary>
    public static PolicyRole ToCreate(string name) => new(name, "/", LongestSession: null, Arn: null);
}

/// <summary>What one role is allowed to do, and who may assume it; or what an identity is allowed to do that exists already.</summary>
/// <param name="PolicyName">The name of the permission policy: within the role, or of its own.</param>
/// <param name="Permission">The statements of the permission policy.</param>
/// <param name="Role">The role; null for a policy that is attached to a user or role which the definitions do not name.</param>
/// <param name="Trust">The statement of the role's trust policy; null without a role.</param>
internal sealed record PolicyGrant(
    string PolicyName, IReadOnlyList<PolicyStatement> Permission, PolicyRole? Role = null, PolicyStatement? Trust = null)
{
    /// <summary>The permission policy, as indented ASCII JSON.</summary>
    public string PermissionText => PolicyJson.Text(w => PolicyJson.Document(w, Permission));

    /// <summary>The trust policy, as indented ASCII JSON; null without a role.</summary>
    public string? TrustText => Trust is { } trust ? PolicyJson.Text(w => PolicyJson.Document(w, trust)) : null;
}

/// <summary>Writes values for resources and conditions of policies.</summary>
internal static class PolicyLiteral
{
    /// <summary>Returns a value that IAM reads as written: without wildcards and variables.</summary>
    public static string Escape(string value)
        => value.AsSpan().IndexOfAny('*', '?', '$') < 0 ? value : string.Concat(value.Select(c => c is '*' or '?' or '$' ? $"${{{c}}}" : $"{c}"));
}
