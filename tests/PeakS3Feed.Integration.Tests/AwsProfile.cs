using System.Runtime.CompilerServices;
using PeakS3Feed.Integration.ExactlyOnce;
using PeakS3Feed.Integration.S3;

namespace PeakS3Feed.Integration;

/// <summary>
/// The profile of Ceph's customer, for connections and destinations, which name profiles and never keys. The AWS SDK reads the place of its files once,
/// so it is set before any test runs; processes that tests start inherit it. Tests on a real account have their own.
/// </summary>
internal static class AwsProfile
{
    public const string Name = "peaks3feed-tests";

#pragma warning disable CA2255 // an assembly of tests has no other place that comes before all of them
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Use()
    {
        if (LiveWarehouse.IsAsked)
            return;
        var path = Path.Combine(Path.GetTempPath(), $"peaks3feed-tests-{Environment.ProcessId}-credentials");
        File.WriteAllText(
            path, $"[{Name}]\naws_access_key_id = {CephS3.Customer.Id}\naws_secret_access_key = {CephS3.Customer.Secret}\nregion = us-east-1\n");
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
    }
}
