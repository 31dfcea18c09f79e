using System.Management.Automation;
using PeakS3Feed.Aws;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Credentials as PowerShell has them.</summary>
internal static class Credentials
{
    /// <summary>The access key whose id is the user name and whose secret is the password; null for none.</summary>
    public static AccessKey? ToAccessKey(this PSCredential? credential)
        => credential is null || credential == PSCredential.Empty
            ? null
            : new AccessKey(credential.UserName.TrimStart('\\'), credential.GetNetworkCredential().Password);
}
