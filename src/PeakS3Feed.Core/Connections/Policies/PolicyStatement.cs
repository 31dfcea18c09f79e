namespace PeakS3Feed.Connections.Policies;

/// <summary>One statement that allows one action.</summary>
/// <param name="Sid">Its name: letters and digits.</param>
/// <param name="Action">What is allowed.</param>
/// <param name="Resource">On what; null in a trust policy.</param>
/// <param name="Principal">To whom; null in a permission policy.</param>
/// <param name="Conditions">When: all must hold.</param>
internal sealed record PolicyStatement(string Sid, string Action, string? Resource, string? Principal,
    params IReadOnlyList<PolicyCondition> Conditions);

/// <summary>A condition of a statement. Each operator stands once in a statement.</summary>
/// <param name="Operator">How it is compared: <c>StringEquals</c>.</param>
/// <param name="Key">What is compared: <c>s3:prefix</c>.</param>
/// <param name="Values">With what; one of them must fit.</param>
internal sealed record PolicyCondition(string Operator, string Key, params IReadOnlyList<string> Values);

/// <summary>The role that a policy is for.</summary>
/// <param name="Name">Its name in IAM.</param>
/// <param name="Path">Its path in IAM, from slash to slash.</param>
/// <param name="LongestSession">The longest session that it must grant, or null where the hour that every role grants is enough.</param>
/// <param name="Exists">Whether the connection names it already.</param>
internal sealed record PolicyRole(string Name, string Path, TimeSpan? LongestSession, bool Exists)
{
    /// <summary>What the permission policy is called within the role.</summary>
    public const string PolicyName = "peaks3feed";

    private static readonly TimeSpan Granted = TimeSpan.FromHours(1);

    /// <summary>The connection's role, or the one that is to be made for it.</summary>
    public static PolicyRole From(S3Connection connection)
    {
        TimeSpan? longest = connection.SessionDuration > Granted ? connection.SessionDuration : null;
        if (connection.RoleArn is not { } arn)
            return new($"peaks3feed-{connection.Name}", "/", longest, Exists: false);
        var slash = arn.LastIndexOf('/');
        return new(arn[(slash + 1)..], arn[arn.IndexOf('/', StringComparison.Ordinal)..(slash + 1)], longest, Exists: true);
    }
}
