using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Access;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Integration.S3;

namespace PeakS3Feed.Integration.Staging;

/// <summary>A folder of the real server, and a role for it with the policy of a destination's staging.</summary>
internal sealed class StagingRole : IAsyncDisposable
{
    // AWS checks the deletion of several objects for each object; Ceph 16 does that, too, and before it checks the same action for the bucket.
    private const string Addition = $$"""{ "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::{{CephS3.Bucket}}" }""";

    private readonly CephRole _role;

    private StagingRole(CephS3 ceph, CephRole role, S3Connection connection, S3FeedPolicy policy)
        => (Ceph, _role, Connection, Policy) = (ceph, role, connection, policy);

    public CephS3 Ceph { get; }

    public S3Connection Connection { get; }

    public S3FeedPolicy Policy { get; }

    public string Prefix => Ceph.Folder + "stage/";

    /// <summary>Skips the test if there is no server.</summary>
    public static async Task<StagingRole> CreateAsync()
    {
        var ceph = await CephS3.OpenAsync();
        var draft = ceph.Connection with { RoleArn = null, ExternalId = null, TrustedPrincipal = PolicyWorld.Principal };
        var policy = await new PolicyFactory(null, NullLoggerFactory.Instance, TimeProvider.System)
            .CreateForStagingAsync(new BucketPrefix(draft, draft.RootPrefix + "stage/"), "dwh", isSource: false, default);
        var role = await CephRole.MakeAsync(policy.TrustPolicy!, policy.PermissionPolicy);
        var staging = new StagingRole(ceph, role, draft with { RoleArn = role.Arn }, policy);
        await staging.ForbidAsync("");
        return staging;
    }

    /// <summary>Opens the staging area as the role.</summary>
    public S3StagingArea Open(ILogger? logger = null) => Open(Connection, Prefix, logger: logger);

    public static S3StagingArea Open(S3Connection connection, string prefix, AccessKey? key = null, ILogger? logger = null)
    {
        var clients = new AwsClients(
            connection, new SourceIdentity("orders", Guid.NewGuid()), key ?? CephS3.Platform, NullLoggerFactory.Instance, TimeProvider.System,
            RetryBudget.Short);
        return new(connection, prefix, clients, logger ?? NullLogger.Instance, "dwh");
    }

    /// <summary>Leaves an action out of the role's policy.</summary>
    public Task ForbidAsync(string action) => _role.AllowAsync(string.Join(", ", JsonNode.Parse(Policy.PermissionPolicy)!["Statement"]!.AsArray()
        .Append(JsonNode.Parse(Addition))
        .Select(s => s!.DeepClone().AsObject())
        .Select(s => (Statement: s, Actions: GetActions(s).Where(a => a != action).ToArray()))
        .Where(s => s.Actions.Length > 0)
        .Select(s =>
        {
            s.Statement["Action"] = new JsonArray([.. s.Actions.Select(a => JsonValue.Create(a))]);
            return s.Statement.ToJsonString();
        })));

    /// <summary>The actions of the policy.</summary>
    public IEnumerable<string> Actions => JsonNode.Parse(Policy.PermissionPolicy)!["Statement"]!.AsArray().SelectMany(s => GetActions(s!));

    public async ValueTask DisposeAsync()
    {
        await _role.DisposeAsync();
        Ceph.Dispose();
    }

    private static IEnumerable<string> GetActions(JsonNode statement)
        => statement["Action"] is JsonArray all ? all.Select(a => (string)a!) : [(string)statement["Action"]!];
}
