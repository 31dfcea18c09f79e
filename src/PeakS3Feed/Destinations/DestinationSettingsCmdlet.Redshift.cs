using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Destinations.Redshift;

namespace PeakS3Feed.Cmdlets.Destinations;

/// <content>The settings of an Amazon Redshift warehouse.</content>
public abstract partial class DestinationSettingsCmdlet
{
    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "The serverless workgroup: for the Redshift Data API, or for temporary passwords for a host.")]
    [AllowNull]
    public string? WorkgroupName { get; set; }

    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "The provisioned cluster: for the Redshift Data API, or for temporary passwords for a host.")]
    [AllowNull]
    public string? ClusterIdentifier { get; set; }

    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The ARN of a secret of Secrets Manager with user and password; Data API only.")]
    [AllowNull]
    public string? SecretArn { get; set; }

    [Parameter(
        ParameterSetName = RedshiftSet, HelpMessage = "The database user of a cluster to log in as; by default the user of the IAM identity.")]
    [AllowNull]
    public string? DbUser { get; set; }

    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The AWS profile for calls to Redshift's services; by default the SDK's chain.")]
    [AllowNull]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string? ProfileName { get; set; }

    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The warehouse's region, for example eu-west-1.")]
    [ArgumentCompleter(typeof(RegionCompleter))]
    [AllowNull]
    public string? Region { get; set; }

    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "The ARN of the role with which COPY reads staged files, or a chain with commas; by default the warehouse's default role.")]
    [AllowNull]
    public string? IamRole { get; set; }

    [Parameter(ParameterSetName = RedshiftSet, HelpMessage = "The number of the cluster's slices; a load has a multiple of it in files.")]
    [ValidateRange(1, RedshiftDestination.MaxSliceCount)]
    public int SliceCount { get; set; }

    [Parameter(
        ParameterSetName = RedshiftSet, HelpMessage = "The column that distributes the rows of new tables that have it; by default DISTSTYLE AUTO.")]
    [AllowNull]
    public string? DistKey { get; set; }

    [Parameter(
        ParameterSetName = RedshiftSet,
        HelpMessage = "The columns that order the rows of new tables that have all of them; by default SORTKEY AUTO.")]
    [AllowNull]
    [AllowEmptyCollection]
    public string[]? SortKey { get; set; }

    private protected RedshiftDestination Apply(RedshiftDestination warehouse)
    {
        warehouse = ApplyAccess(warehouse);
        if (Given(nameof(StagingConnection))) warehouse = warehouse with { StagingConnection = StagingConnection! };
        if (Given(nameof(StagingPrefix))) warehouse = warehouse with { StagingPrefix = StagingPrefix ?? "" };
        if (Given(nameof(IamRole))) warehouse = warehouse with { IamRole = OrNull(IamRole) };
        if (Given(nameof(SliceCount))) warehouse = warehouse with { SliceCount = SliceCount };
        if (Given(nameof(PartSizeMiB))) warehouse = warehouse with { PartSizeMiB = PartSizeMiB };
        if (Given(nameof(LoadPath))) warehouse = warehouse with { LoadPath = LoadPath };
        if (Given(nameof(DistKey))) warehouse = warehouse with { DistKey = OrNull(DistKey) };
        return Given(nameof(SortKey)) ? warehouse with { SortKey = SortKey ?? [] } : warehouse;
    }

    private RedshiftDestination ApplyAccess(RedshiftDestination warehouse)
    {
        if (Given(nameof(HostName))) warehouse = warehouse with { Host = OrNull(HostName) };
        if (Given(nameof(Port))) warehouse = warehouse with { Port = Port };
        if (Given(nameof(WorkgroupName))) warehouse = warehouse with { WorkgroupName = OrNull(WorkgroupName) };
        if (Given(nameof(ClusterIdentifier))) warehouse = warehouse with { ClusterIdentifier = OrNull(ClusterIdentifier) };
        if (Given(nameof(Database))) warehouse = warehouse with { Database = Database! };
        if (Given(nameof(Schema))) warehouse = warehouse with { Schema = Schema! };
        if (Given(nameof(Username))) warehouse = warehouse with { Username = OrNull(Username) };
        if (Given(nameof(Password))) warehouse = warehouse with { Password = OrNull(Password) };
        if (Given(nameof(SecretArn))) warehouse = warehouse with { SecretArn = OrNull(SecretArn) };
        if (Given(nameof(DbUser))) warehouse = warehouse with { DbUser = OrNull(DbUser) };
        if (Given(nameof(ProfileName))) warehouse = warehouse with { ProfileName = OrNull(ProfileName) };
        if (Given(nameof(Region))) warehouse = warehouse with { Region = OrNull(Region) };
        if (Given(nameof(EndpointUrl))) warehouse = warehouse with { EndpointUrl = OrNull(EndpointUrl) };
        if (Given(nameof(SslMode))) warehouse = warehouse with { SslMode = SslMode! };
        return Given(nameof(RootCertificate)) ? warehouse with { RootCertificate = OrNull(RootCertificate) } : warehouse;
    }
}
