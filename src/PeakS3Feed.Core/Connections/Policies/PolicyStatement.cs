namespace PeakS3Feed.Connections.Policies;

/// <summary>A statement that allows one action.</summary>
/// <param name="Sid">Its name: letters and digits.</param>
/// <param name="Action">The action.</param>
/// <param name="Resource">The resource; null in a trust policy.</param>
/// <param name="Principal">The principal; null in a permission policy.</param>
/// <param name="Conditions">The conditions, which must all be true.</param>
internal sealed record PolicyStatement(string Sid, string Action, string? Resource, string? Principal,
    params IReadOnlyList<PolicyCondition> Conditions);

/// <summary>A condition of a statement. A statement has each operator at most once.</summary>
/// <param name="Operator">The operator: <c>StringEquals</c>.</param>
/// <param name="Key">The key: <c>s3:prefix</c>.</param>
/// <param name="Values">The values, of which one must match.</param>
internal sealed record PolicyCondition(string Operator, string Key, params IReadOnlyList<string> Values);

/// <summary>The role of a policy.</summary>
/// <param name="Name">Its name in IAM.</param>
/// <param name="Path">Its path in IAM, with slashes at both ends.</param>
/// <param name="LongestSession">The session duration that the role must allow; null if the default of one hour is enough.</param>
/// <param name="Exists">Whether the connection already names the role.</param>
internal sealed record PolicyRole(string Name, string Path, TimeSpan? LongestSession, bool Exists)
{
    /// <summary>The name of the permission policy within the role.</summary>
    public const string PolicyName = "peaks3feed";

    private static readonly TimeSpan Granted = TimeSpan.FromHours(1);

    /// <summary>Returns the connection's role, or the role to create for it.</summary>
    public static PolicyRole From(S3Connection connection)
    {
        TimeSpan? longest = connection.SessionDuration > Granted ? connection.SessionDuration : null;
        if (connection.RoleArn is not { } arn)
            return new($"peaks3feed-{connection.Name}", "/", longest, Exists: false);
        var slash = arn.LastIndexOf('/');
        return new(arn[(slash + 1)..], arn[arn.IndexOf('/', StringComparison.Ordinal)..(slash + 1)], longest, Exists: true);
    }
}
