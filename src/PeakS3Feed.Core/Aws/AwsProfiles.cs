using Amazon.Runtime.CredentialManagement;

namespace PeakS3Feed.Aws;

/// <summary>The profiles in the AWS files of the account that runs the process.</summary>
public static class AwsProfiles
{
    /// <summary>Returns their names.</summary>
    public static IEnumerable<string> FindNames() => new CredentialProfileStoreChain().ListProfiles().Select(p => p.Name);
}
