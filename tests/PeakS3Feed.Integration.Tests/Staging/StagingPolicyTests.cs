using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Staging;

/// <summary>The policy of a destination's staging on a server that enforces it.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class StagingPolicyTests
{
    private const int MiB = 1024 * 1024;

    [SkippableFact]
    public async Task With_this_policy_staging_works()
    {
        await using var role = await StagingRole.CreateAsync();
        var log = new WarningLog();
        await using var area = role.Open(log);

        Assert.Null(await Record.ExceptionAsync(() => UseAsync(area)));
        Assert.Empty(log.Warnings);
    }

    [SkippableFact]
    public async Task Without_any_of_its_actions_staging_fails_so_none_is_too_many()
    {
        await using var role = await StagingRole.CreateAsync();
        foreach (var action in role.Actions.ToList())
        {
            await role.ForbidAsync(action);
            var log = new WarningLog();
            await using var area = role.Open(log);
            var error = await Record.ExceptionAsync(() => UseAsync(area));
            // An upload that cannot be aborted is a warning: the error that led there matters more.
            if (action == "s3:AbortMultipartUpload")
                Assert.Contains("could not be aborted", Assert.Single(log.Warnings), StringComparison.Ordinal);
            else
                Assert.True(error is FeedException { Id: "StagingDenied", ServiceCode: "AccessDenied" }, $"{action}: {error?.ToString() ?? "it works"}");
        }
    }

    [SkippableFact]
    public async Task Outside_of_the_prefix_everything_is_refused()
    {
        await using var role = await StagingRole.CreateAsync();
        await role.Ceph.PutAsync("a.csv", "1");
        foreach (var prefix in new[] { role.Ceph.Folder, role.Ceph.Folder + "stage2/", "" })
        {
            await DeniedAsync(area => WriteAsync(area, "a.csv", 1));
            await DeniedAsync(area => WriteAsync(area, "a.csv", 9 * MiB));
            await DeniedAsync(area => area.OpenAsync("a.csv", default));
            await DeniedAsync(area => area.ListAsync("", default).ToListAsync().AsTask());
            await DeniedAsync(area => area.DeleteAsync(["a.csv"], default)); // the answer is a success that names the objects it kept

            // Each call has connections of its own: the gateway takes the unread body of a refused upload for the next request.
            async Task DeniedAsync(Func<IStagingArea, Task> call)
            {
                await using var area = StagingRole.Open(role.Connection, prefix);
                var error = await Record.ExceptionAsync(() => call(area));
                Assert.True(error is FeedException { Id: "StagingDenied" }, error?.ToString() ?? "it works");
            }
        }
    }

    [SkippableFact]
    public async Task Within_the_prefix_it_allows_no_other_call()
    {
        await using var role = await StagingRole.CreateAsync();
        await using var area = role.Open();
        await WriteAsync(area, "1", 1);
        using var client = await ClientAsync(role);
        var (bucket, key) = (CephS3.Bucket, role.Prefix + "1");
        foreach (var (name, call) in new (string, Func<Task>)[]
        {
            ("get the ACL", () => client.GetObjectAclAsync(new() { BucketName = bucket, Key = key })),
            ("get the location", () => client.GetBucketLocationAsync(bucket)),
            ("list versions", () => client.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket, Prefix = role.Prefix })),
            ("list uploads", () => client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket, Prefix = role.Prefix })),
        })
        {
            var error = await Record.ExceptionAsync(call);
            Assert.True(error is AmazonS3Exception { ErrorCode: "AccessDenied" }, $"{name}: {error?.ToString() ?? "it works"}");
        }
    }

    // Everything that a load does with staged files.
    private static async Task UseAsync(IStagingArea area)
    {
        await WriteAsync(area, "run/1", 1);
        await WriteAsync(area, "run/2", 17 * MiB);
        await using (var unfinished = area.Create("run/3"))
            await unfinished.WriteAsync(new byte[17 * MiB], default);
        Assert.Equal(["run/1", "run/2"], await area.ListAsync("run/", default).Select(f => f.Name).Order(StringComparer.Ordinal).ToListAsync());
        await using (var content = await area.OpenAsync("run/1", default))
            Assert.Equal(0, content.ReadByte());
        await area.DeleteAsync(["run/1", "run/2"], default);
        Assert.Equal(0, await area.ListAsync("", default).CountAsync());
    }

    private static async Task WriteAsync(IStagingArea area, string name, int bytes)
    {
        await using var file = area.Create(name);
        await file.WriteAsync(new byte[bytes], default);
        await file.CompleteAsync(default);
    }

    private static async Task<AmazonS3Client> ClientAsync(StagingRole role)
    {
        using var clients = new Aws.AwsClients(
            role.Connection, new Aws.SourceIdentity("test", Guid.NewGuid()), CephS3.Platform,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, TimeProvider.System, Aws.RetryBudget.Short);
        var session = (await clients.GetCredentialsAsync(default))!;
        return new(
            new Amazon.Runtime.SessionAWSCredentials(session.AccessKey, session.SecretKey, session.Token),
            new AmazonS3Config { ServiceURL = role.Ceph.Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
    }

    private sealed class WarningLog : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
                Warnings.Add(formatter(state, exception));
        }
    }
}
