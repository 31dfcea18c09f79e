using System.Management.Automation;
using PeakS3Feed.Aws;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Converts PowerShell's credentials.</summary>
internal static class Credentials
{
    /// <summary>Returns the access key: the user name is its id, the password its secret. Null for null.</summary>
    public static AccessKey? ToAccessKey(this PSCredential? credential)
        => credential is null || credential == PSCredential.Empty
            ? null
            : new AccessKey(credential.UserName.TrimStart('\\'), credential.GetNetworkCredential().Password);
}
