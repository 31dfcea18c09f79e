using System.Text.RegularExpressions;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>What AWS says of a denial where it says more than "Access Denied": who may not do what, and the kind of policy that decided.</summary>
/// <param name="Principal">Who was denied, as an ARN.</param>
/// <param name="Action">What was denied, for example <c>s3:ListBucket</c>.</param>
/// <param name="Layer">The policy at fault.</param>
/// <param name="IsExplicit">Whether it has a Deny; otherwise it lacks an Allow.</param>
/// <param name="Resource">The ARN of what it was denied on, or null.</param>
/// <param name="PolicyArn">The ARN of that policy, or null.</param>
internal sealed partial record Denial(string Principal, string Action, PolicyLayer Layer, bool IsExplicit, string? Resource, string? PolicyArn)
{
    /// <summary>Reads the words of a service; null where they name no action.</summary>
    public static Denial? Parse(string message)
    {
        var match = Pattern().Match(message);
        if (!match.Success)
            return null;
        var why = match.Groups["why"].Value;
        return new(
            match.Groups["who"].Value, match.Groups["action"].Value, LayerOf(why), why.Contains("explicit deny", StringComparison.Ordinal),
            NullIfEmpty(match.Groups["resource"].Value), NullIfEmpty(PolicyPattern().Match(why).Groups["arn"].Value));
    }

    private static PolicyLayer LayerOf(string why) => why switch
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

/// <summary>The kinds of policy that have a say in a request.</summary>
internal enum PolicyLayer
{
    /// <summary>The service does not say.</summary>
    Unknown,

    /// <summary>What is attached to the user or role that asks.</summary>
    Identity,

    /// <summary>What is attached to the thing asked for: a bucket's policy, a key's, a role's trust policy.</summary>
    Resource,

    /// <summary>A role's trust policy.</summary>
    Trust,

    /// <summary>An organization's limit on its accounts' users and roles.</summary>
    ServiceControl,

    /// <summary>An organization's limit on its accounts' buckets and keys.</summary>
    ResourceControl,

    /// <summary>The limit on one user or role.</summary>
    Boundary,

    /// <summary>The limit that was set when the session was made.</summary>
    Session,

    /// <summary>That of the VPC endpoint on the way.</summary>
    Endpoint,
}
