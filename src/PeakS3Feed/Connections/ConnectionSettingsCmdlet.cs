using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>The settings of a connection, for the cmdlets that create and change one.</summary>
public abstract class ConnectionSettingsCmdlet : FeedCmdlet
{
    /// <summary>The parameter set of a bucket at a service.</summary>
    private protected const string BucketSet = "Bucket";

    /// <summary>The parameter set of a folder that stands in for a bucket.</summary>
    private protected const string FolderSet = "Folder";

    private protected const string EndpointHelp = "An S3 endpoint of your own (https://...), or a folder that stands in for a bucket (file:///...).";

    [Parameter(HelpMessage = "The bucket's region, for example eu-west-1.")]
    [ArgumentCompleter(typeof(RegionCompleter))]
    [AllowNull]
    public string? Region { get; set; }

    [Parameter(HelpMessage = "The folder that the connection can read, ending in a slash; / for the whole bucket. The policy allows nothing else.")]
    [ValidateNotNullOrEmpty]
    public string RootPath { get; set; } = "/";

    [Parameter(HelpMessage = "The IAM role to assume.")]
    [AllowNull]
    public string? RoleArn { get; set; }

    [Parameter(HelpMessage = "The external id that the role's trust policy requires; a new connection gets a random one.")]
    [AllowNull]
    public string? ExternalId { get; set; }

    [Parameter(HelpMessage = "The ARN that the role's trust policy names; by default the identity of the base credentials.")]
    [AllowNull]
    public string? TrustedPrincipal { get; set; }

    /// <summary>The address of the service.</summary>
    public abstract string? EndpointUrl { get; set; }

    [Parameter(HelpMessage = "An STS endpoint of your own (https://...).")]
    [AllowNull]
    public string? StsEndpointUrl { get; set; }

    [Parameter(HelpMessage = "Address the bucket in the path instead of the host name, as many S3-compatible servers require.")]
    public SwitchParameter ForcePathStyle { get; set; }

    [Parameter(HelpMessage = "The AWS profile of the base credentials; by default the SDK's chain.")]
    [AllowNull]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string? ProfileName { get; set; }

    [Parameter(HelpMessage = "Read a public bucket without credentials.")]
    public SwitchParameter Anonymous { get; set; }

    [Parameter(HelpMessage = "Pay for the requests (requester pays).")]
    public SwitchParameter RequesterPays { get; set; }

    [Parameter(HelpMessage = "The KMS key that encrypts the objects, unless it is Amazon's own.")]
    [AllowNull]
    public string? KmsKeyArn { get; set; }

    [Parameter(HelpMessage = "How long a session of the role lasts, for example 1h or 00:30:00.")]
    [DurationTransformation]
    public TimeSpan SessionDuration { get; set; }

    [Parameter(HelpMessage = "How many connections may read objects at a time, 1 to 512; by default 128.")]
    [AllowNull]
    public int? MaxConnections { get; set; }

    /// <summary>Warns of a folder that is given and does not exist.</summary>
    private protected void WarnOfFolder(string? folder)
    {
        if (folder is not null && !Directory.Exists(folder))
            Warn($"The folder {folder} does not exist yet.");
    }

    /// <summary>Warns of a region that is given and probably wrong.</summary>
    private protected void WarnOfRegion(S3Connection connection)
    {
        if (Given(nameof(Region)) && AwsRegions.FindAdvice(connection) is { } advice)
            Warn(advice);
    }

    /// <summary>Returns the connection with the given settings.</summary>
    private protected S3Connection Apply(S3Connection connection)
    {
        if (Given(nameof(Region))) connection = connection with { Region = OrNull(Region) };
        if (Given(nameof(RootPath))) connection = connection with { RootPath = RootPath };
        if (Given(nameof(RoleArn))) connection = connection with { RoleArn = OrNull(RoleArn) };
        if (Given(nameof(ExternalId))) connection = connection with { ExternalId = OrNull(ExternalId) };
        if (Given(nameof(TrustedPrincipal))) connection = connection with { TrustedPrincipal = OrNull(TrustedPrincipal) };
        if (Given(nameof(EndpointUrl))) connection = connection with { EndpointUrl = OrNull(EndpointUrl) };
        if (Given(nameof(StsEndpointUrl))) connection = connection with { StsEndpointUrl = OrNull(StsEndpointUrl) };
        if (Given(nameof(ForcePathStyle))) connection = connection with { ForcePathStyle = ForcePathStyle };
        if (Given(nameof(ProfileName))) connection = connection with { ProfileName = OrNull(ProfileName) };
        if (Given(nameof(Anonymous))) connection = connection with { Anonymous = Anonymous };
        if (Given(nameof(RequesterPays))) connection = connection with { RequesterPays = RequesterPays };
        if (Given(nameof(KmsKeyArn))) connection = connection with { KmsKeyArn = OrNull(KmsKeyArn) };
        if (Given(nameof(SessionDuration))) connection = connection with { SessionDuration = SessionDuration };
        if (Given(nameof(MaxConnections))) connection = connection with { MaxConnections = MaxConnections };
        return connection;
    }

    // $null arrives as an empty string.
}
