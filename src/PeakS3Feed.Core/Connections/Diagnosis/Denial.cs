using System.Text.RegularExpressions;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>A denial by AWS with details: the principal, the action, and the kind of policy that decided.</summary>
/// <param name="Principal">The ARN of the principal that was denied.</param>
/// <param name="Action">The action, for example <c>s3:ListBucket</c>.</param>
/// <param name="Layer">The kind of policy at fault.</param>
/// <param name="IsExplicit">Whether the policy has a Deny; otherwise it lacks an Allow.</param>
/// <param name="Resource">The ARN of the resource, or null.</param>
/// <param name="PolicyArn">The ARN of the policy, or null.</param>
internal sealed partial record Denial(string Principal, string Action, PolicyLayer Layer, bool IsExplicit, string? Resource, string? PolicyArn)
{
    /// <summary>Parses the message of a service; null if it names no action.</summary>
    public static Denial? Parse(string message)
    {
        var match = Pattern().Match(message);
        if (!match.Success)
            return null;
        var why = match.Groups["why"].Value;
        return new(
            match.Groups["who"].Value, match.Groups["action"].Value, GetLayer(why), why.Contains("explicit deny", StringComparison.Ordinal),
            NullIfEmpty(match.Groups["resource"].Value), NullIfEmpty(PolicyPattern().Match(why).Groups["arn"].Value));
    }

    private static PolicyLayer GetLayer(string why) => why switch
    {
        _ when Has(why, "role trust policy") => PolicyLayer.Trust,
        _ when Has(why, "identity-based polic") => PolicyLayer.Identity,
        _ when Has(why, "resource-based polic") => PolicyLayer.Resource,
        _ when Has(why, "service control polic") => PolicyLayer.ServiceControl,
        _ when Has(why, "resource control polic") => PolicyLayer.ResourceControl,
        _ when Has(why, "permissions boundar") => PolicyLayer.Boundary,
        _ when Has(why, "session polic") => PolicyLayer.Session,
        _ when Has(why, "VPC endpoint polic") => PolicyLayer.Endpoint,
        _ => PolicyLayer.Unknown,
    };

    private static bool Has(string why, string words) => why.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    [GeneratedRegex(
        @"User: (?<who>\S+) is not authorized to perform: (?<action>[a-z0-9-]+:\w+)( on resource: ""?(?<resource>arn:[^\s""]+)""?)?(?<why>.*)",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"(policy|boundary): ?(?<arn>arn:\S+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PolicyPattern();
}

/// <summary>The kinds of policy that decide about a request.</summary>
internal enum PolicyLayer
{
    /// <summary>The service does not name it.</summary>
    Unknown,

    /// <summary>A policy attached to the user or role that makes the request.</summary>
    Identity,

    /// <summary>A policy attached to the resource: a bucket's policy, a key's policy, or a role's trust policy.</summary>
    Resource,

    /// <summary>A role's trust policy.</summary>
    Trust,

    /// <summary>An organization's policy for the users and roles of its accounts.</summary>
    ServiceControl,

    /// <summary>An organization's policy for the buckets and keys of its accounts.</summary>
    ResourceControl,

    /// <summary>The permissions boundary of a user or role.</summary>
    Boundary,

    /// <summary>The policy that was set for the session.</summary>
    Session,

    /// <summary>The policy of the VPC endpoint.</summary>
    Endpoint,
}
