namespace PeakS3Feed.Connections.Policies;

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
    public static PolicyRole Of(S3Connection connection)
    {
        TimeSpan? longest = connection.SessionDuration > Granted ? connection.SessionDuration : null;
        if (connection.RoleArn is not { } arn)
            return new($"peaks3feed-{connection.Name}", "/", longest, Exists: false);
        var slash = arn.LastIndexOf('/');
        return new(arn[(slash + 1)..], arn[arn.IndexOf('/', StringComparison.Ordinal)..(slash + 1)], longest, Exists: true);
    }
}
