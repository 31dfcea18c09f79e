using System.Text.RegularExpressions;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Triggers.Queues;

/// <summary>The URL of an SQS queue: <c>https://sqs.REGION.amazonaws.com/ACCOUNT/NAME</c>, or the same path on another server.</summary>
public static partial class QueueAddress
{
    private const string Example = "Copy the URL from the queue's page in the SQS console, for example "
        + "https://sqs.eu-west-1.amazonaws.com/123456789012/orders.";

    /// <summary>Returns the region in the host name of a queue on AWS; null for another server.</summary>
    public static string? FindRegion(string url)
        => Uri.TryCreate(url, UriKind.Absolute, out var address) && HostPattern().Match(address.Host) is { Success: true } host
            ? host.Groups["region"].Value
            : null;

    /// <summary>Returns the address of the service that has the queue: the URL without its path.</summary>
    public static string GetServiceUrl(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);

    /// <summary>Returns the account and the name of a queue with a valid URL.</summary>
    public static (string Account, string Name) GetName(string url)
        => new Uri(url).AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var account, var name] ? (account, name) : ("", "");

    /// <summary>Returns whether two URLs name the same queue.</summary>
    public static bool AreSame(string? left, string? right) => string.Equals(left?.TrimEnd('/'), right?.TrimEnd('/'), StringComparison.Ordinal);

    /// <summary>Returns what is wrong with the URL of a queue, or null.</summary>
    internal static DefinitionProblem? Check(string field, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http")
            || address is not { UserInfo: "", Query: "", Fragment: "" })
            return new(field, $"\"{url}\" is not the URL of a queue.", Example);
        if (GetName(url).Name.Length == 0)
            return new(field, $"The path of \"{url}\" is not an account and the name of a queue.", Example);
        return address.Scheme == "http" && FindRegion(url) is not null
            ? new(field, $"\"{url}\" has no TLS, and requests to AWS have secrets in their headers.", "Write https://.")
            : null;
    }

    // sqs.eu-west-1.amazonaws.com, vpce-0a1b.sqs.eu-west-1.vpce.amazonaws.com, sqs-fips.us-east-1.amazonaws.com, eu-west-1.queue.amazonaws.com
    [GeneratedRegex(
        @"(?:(?:\A|\.)sqs(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:vpce\.)?|\A(?<region>[a-z0-9-]+)\.queue\.)(?:amazonaws\.com(?:\.cn)?|api\.aws)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex HostPattern();
}
