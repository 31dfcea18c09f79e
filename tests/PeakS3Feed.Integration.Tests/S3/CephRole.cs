using System.Diagnostics;

namespace PeakS3Feed.Integration.S3;

/// <summary>A role of the test's own on Ceph, with exactly the policies that it is given; deleted when done.</summary>
internal sealed class CephRole : IAsyncDisposable
{
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

    public async ValueTask DisposeAsync() => await ControlAsync("delete-role", Name);

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
