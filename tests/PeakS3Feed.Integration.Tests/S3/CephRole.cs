using System.Diagnostics;

namespace PeakS3Feed.Integration.S3;

/// <summary>A role of the test's own on Ceph, with exactly the policies that it is given; they may be changed while it is in use. Deleted when done.</summary>
internal sealed class CephRole : IAsyncDisposable
{
    public const string ListAndRead = ListAlone + """
        , {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::acme-data/incoming/*"]}
        """;

    public const string ListAlone = """
        {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::acme-data"], "Condition": {"StringLike": {"s3:prefix": ["incoming/*"]}}}
        """;

    private const string Policy = "access"; // as make-role names it
    private bool _forbidden;

    private CephRole(string name) => Name = name;

    public string Name { get; }

    public string Arn => $"arn:aws:iam:::role/{Name}";

    /// <summary>Skips the test where nobody says where the servers' scripts are.</summary>
    public static async Task<CephRole> MakeAsync(string trustPolicy, string permissionPolicy)
    {
        var role = new CephRole($"policy-{Guid.NewGuid():N}");
        await ControlAsync("make-role", role.Name, trustPolicy, permissionPolicy);
        return role;
    }

    /// <summary>A role that the platform may assume, and that lists and reads <c>incoming/</c>.</summary>
    public static Task<CephRole> MakeAsync() => MakeAsync(Trust("platform"), Document(ListAndRead));

    /// <summary>Puts other statements in the place of its permission policy.</summary>
    public async Task AllowAsync(string statements)
    {
        await ControlAsync("admin", "role-policy", "put", "--role-name", Name, "--policy-name", Policy, "--policy-doc", Document(statements));
        _forbidden = false;
    }

    /// <summary>Takes its permission policy away.</summary>
    public async Task ForbidAsync()
    {
        await ControlAsync("admin", "role-policy", "delete", "--role-name", Name, "--policy-name", Policy);
        _forbidden = true;
    }

    /// <summary>Lets a user, and nobody else, assume it.</summary>
    public Task TrustAsync(string user) => ControlAsync("admin", "role", "modify", "--role-name", Name, "--assume-role-policy-doc", Trust(user));

    public async ValueTask DisposeAsync()
    {
        if (_forbidden)
            await AllowAsync(ListAlone); // or there is no policy to be deleted with it
        await ControlAsync("delete-role", Name);
    }

    private static string Trust(string user)
        => Document($$"""{"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"AWS": ["arn:aws:iam:::user/{{user}}"]} }""");

    private static string Document(string statements) => $$"""{"Version": "2012-10-17", "Statement": [{{statements}}]}""";

    private static async Task ControlAsync(params IEnumerable<string> arguments)
    {
        var scripts = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_SERVERS");
        Skip.If(string.IsNullOrEmpty(scripts), "PEAKS3FEED_TEST_SERVERS is not set");
        using var process = Process.Start(new ProcessStartInfo("bash", [Path.Combine(scripts!, "ceph.sh"), .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"ceph.sh {string.Join(' ', arguments)}: {error}{await output}");
    }
}
