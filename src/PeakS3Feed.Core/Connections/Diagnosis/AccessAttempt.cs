using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>The step that failed, as a person would describe it.</summary>
/// <param name="Step">The step on the way.</param>
/// <param name="Connection">The connection.</param>
/// <param name="Uri">What was to be listed or read, as <c>s3://bucket/…</c>; null for the root path.</param>
internal sealed record AccessAttempt(ConnectionStep Step, S3Connection Connection, string? Uri = null)
{
    /// <summary>The service that was asked.</summary>
    public string Service => IsSts ? "STS" : "S3";

    /// <summary>Whether the base credentials signed the request; else the role's session did.</summary>
    public bool IsByBase => IsSts || Connection.RoleArn is null;

    /// <summary>The bucket and what is asked for in it.</summary>
    public string Target => Uri ?? $"s3://{Connection.BucketName}/{Connection.RootPrefix}";

    /// <summary>Who asks.</summary>
    public string Holder => this switch
    {
        { Connection.Anonymous: true } => "everyone",
        { IsByBase: true } => "the user or role of the base credentials",
        _ => $"the role {Connection.RoleArn}",
    };

    /// <summary>The address that was asked, as far as the connection names it.</summary>
    public string Host
    {
        get
        {
            var endpoint = IsSts ? Connection.StsEndpointUrl ?? Connection.EndpointUrl : Connection.EndpointUrl;
            return System.Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) ? uri.Authority : $"{Service} in {Connection.Region}";
        }
    }

    /// <summary>What to type to see the policies that are needed; a public bucket is read without any.</summary>
    public IReadOnlyList<Remedy> ShowPolicy => Connection.Anonymous ? [] : [Remedy.ShowPolicy(Connection.Name)];

    private bool IsSts => Step is ConnectionStep.AssumeRole or ConnectionStep.BaseCredentials;
}

/// <summary>What a failure means: a stable error id, one sentence, the layer at fault with the fix, and the commands to type next.</summary>
internal sealed record Explanation(string Id, FeedErrorCategory Category, string Message, string Hint, params IReadOnlyList<Remedy> Remedies);
