using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>The step that failed, with the words for its message.</summary>
/// <param name="Step">The step.</param>
/// <param name="Connection">The connection.</param>
/// <param name="Uri">The object or prefix, as <c>s3://bucket/…</c>; null for the root path.</param>
internal sealed record AccessAttempt(ConnectionStep Step, S3Connection Connection, string? Uri = null)
{
    /// <summary>The use of the bucket for the staged files of a destination; null for the objects of feeds.</summary>
    public StagingUse? Staging { get; init; }

    /// <summary>The service that was called.</summary>
    public string Service => IsSts ? "STS" : "S3";

    /// <summary>Whether the base credentials signed the request; otherwise the role's session did.</summary>
    public bool IsByBase => IsSts || Connection.RoleArn is null;

    /// <summary>The bucket and the object or prefix in it.</summary>
    public string Target => Uri ?? $"s3://{Connection.BucketName}/{Connection.RootPrefix}";

    /// <summary>The principal that made the request.</summary>
    public string Principal => this switch
    {
        { Connection.Anonymous: true } => "everyone",
        { IsByBase: true } => "the user or role of the base credentials",
        _ => $"the role {Connection.RoleArn}",
    };

    /// <summary>The address of the service, as far as the connection names it.</summary>
    public string Host
    {
        get
        {
            var endpoint = IsSts ? Connection.StsEndpointUrl ?? Connection.EndpointUrl : Connection.EndpointUrl;
            return System.Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) ? uri.Authority : $"{Service} in {Connection.Region}";
        }
    }

    /// <summary>The command that shows the required policies; none for a public bucket.</summary>
    public IReadOnlyList<Remedy> ShowPolicy => this switch
    {
        { Connection.Anonymous: true } => [],
        { Staging: { } use } => [Remedy.DestinationPolicy(use.Destination, use.Purpose)],
        _ => [Remedy.ShowPolicy(Connection.Name)],
    };

    /// <summary>What KMS does for the request: <c>encrypt</c> or <c>decrypt</c>.</summary>
    public string KmsVerb => Staging?.Action == StagingAction.Write ? "encrypt" : "decrypt";

    /// <summary>The actions of KMS that the request needs.</summary>
    public string KmsActions => Staging?.Action == StagingAction.Write ? "kms:GenerateDataKey and kms:Decrypt" : "kms:Decrypt";

    private bool IsSts => Step is ConnectionStep.AssumeRole or ConnectionStep.BaseCredentials;
}

/// <summary>The use of a bucket for the files of a destination.</summary>
/// <param name="Destination">The name of the destination that writes them.</param>
/// <param name="Action">What was done.</param>
/// <param name="Prefix">The prefix of their keys.</param>
internal sealed record StagingUse(string Destination, StagingAction Action, string Prefix)
{
    /// <summary>Whether the files are tables of their own, and not staged for a warehouse.</summary>
    public bool IsTable { get; init; }

    /// <summary>What the policy is for that allows it: <c>Staging</c>, or <c>Table</c> if the files are tables.</summary>
    public string Purpose => IsTable ? "Table" : "Staging";
}

/// <summary>What a destination does with staged files.</summary>
internal enum StagingAction
{
    /// <summary>Write a file, or a part of it.</summary>
    Write,

    /// <summary>Read a file.</summary>
    Read,

    /// <summary>List files.</summary>
    List,

    /// <summary>Delete files.</summary>
    Delete,
}

/// <summary>Explains a failure: an error id, a sentence, a hint with the layer at fault and the fix, and commands.</summary>
internal sealed record Explanation(string Id, FeedErrorCategory Category, string Message, string Hint, params IReadOnlyList<Remedy> Remedies);
