namespace PeakS3Feed.Destinations.Redshift;

/// <summary>How a destination logs in to a database over the wire.</summary>
internal abstract record RedshiftLogin
{
    /// <summary>The durations that the services grant temporary passwords for.</summary>
    public static readonly (TimeSpan Min, TimeSpan Max) Durations = (TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(3600));

    private RedshiftLogin()
    {
    }

    /// <summary>With a fixed user and password.</summary>
    /// <param name="User">The user, with the password already resolved.</param>
    public sealed record Fixed(DatabaseUser User) : RedshiftLogin;

    /// <summary>With a temporary password; see the derived records.</summary>
    /// <param name="Database">The database.</param>
    public abstract record Temporary(string Database) : RedshiftLogin
    {
        /// <summary>How long a password is valid: 900 to 3600 seconds.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The duration is outside these limits.</exception>
        public TimeSpan Duration
        {
            get;
            init
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, Durations.Min);
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Durations.Max);
                field = value;
            }
        } = Durations.Min;
    }

    /// <summary>As an existing database user of a cluster (<c>GetClusterCredentials</c>). The user is not created.</summary>
    /// <param name="ClusterIdentifier">The cluster.</param>
    /// <param name="Database">The database.</param>
    /// <param name="DbUser">The name of the user.</param>
    public sealed record ClusterUser(string ClusterIdentifier, string Database, string DbUser) : Temporary(Database);

    /// <summary>As the database user of a cluster that belongs to the credentials' IAM identity (<c>GetClusterCredentialsWithIAM</c>).</summary>
    /// <param name="ClusterIdentifier">The cluster.</param>
    /// <param name="Database">The database.</param>
    public sealed record ClusterIam(string ClusterIdentifier, string Database) : Temporary(Database);

    /// <summary>As the database user of a serverless workgroup that belongs to the credentials' IAM identity (<c>GetCredentials</c>).</summary>
    /// <param name="WorkgroupName">The workgroup.</param>
    /// <param name="Database">The database.</param>
    public sealed record Workgroup(string WorkgroupName, string Database) : Temporary(Database);
}

/// <summary>A user of a database with its password. The text form does not show the password.</summary>
/// <param name="Name">The user's name as the server expects it, for example <c>IAM:loader</c>.</param>
/// <param name="Password">The password.</param>
internal sealed record DatabaseUser(string Name, string Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"database user {Name}";
}
