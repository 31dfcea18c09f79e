namespace PeakS3Feed.Connections.Policies;

/// <summary>The forms in which a policy can be handed on.</summary>
public enum PolicyForm
{
    /// <summary>One JSON object with the permission policy and the trust policy, and the statement for the KMS key's policy where there is one.</summary>
    Json,

    /// <summary>A CloudFormation template in JSON that makes the role.</summary>
    CloudFormation,

    /// <summary>Terraform's HCL for the role.</summary>
    Terraform,

    /// <summary>Commands of the AWS CLI, one a line, the same for a POSIX shell and PowerShell 7.3 or later.</summary>
    AwsCli,
}
