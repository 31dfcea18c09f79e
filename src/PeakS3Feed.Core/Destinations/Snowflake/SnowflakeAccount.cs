using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using PeakS3Feed.Aws;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>An account of Snowflake.</summary>
/// <param name="Host">The host of its SQL API, in lower case: <c>org-account.snowflakecomputing.com</c>.</param>
/// <param name="Name">
/// Its name in tokens, in upper case: <c>ORG-ACCOUNT</c>, or a locator without its region. An underscore stays one, unlike in <see cref="Host"/>.
/// </param>
internal sealed partial record SnowflakeAccount(string Host, string Name)
{
    private const string Domain = ".snowflakecomputing.com";
    private const string ChinaDomain = ".snowflakecomputing.cn";
    private const string Forms = "Give it as Snowflake shows it: myorg-account, MYORG.ACCOUNT, a locator with its region (xy12345.eu-central-1, "
        + "xy12345.us-east-2.aws, xy12345.fhplus.us-gov-west-1.aws), or the host name that ends in .snowflakecomputing.com.";

    private static readonly string[] Clouds = ["aws", "azure", "gcp"];

    /// <summary>Parses an account identifier in any form that Snowflake shows, a host name, or an address of the account or of Snowsight.</summary>
    /// <exception cref="ArgumentException">The text is not one; <see cref="Check"/> says why.</exception>
    public static SnowflakeAccount Parse(string text)
        => TryParse(text, out var account) ? account : throw new ArgumentException("The text is not an account of Snowflake.", nameof(text));

    /// <summary>Parses an account identifier; returns false if the text is not one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SnowflakeAccount? account)
    {
        account = Read(text).Account;
        return account is not null;
    }

    /// <summary>Finds the problem of an account identifier in a definition; null if it is valid.</summary>
    public static DefinitionProblem? Check(string? text)
        => Read(text).Problem is { } problem ? new(nameof(SnowflakeDestination.Account), problem, Forms) : null;

    /// <summary>Finds the problem of another address of the SQL API in a definition; null if it is valid or not given.</summary>
    public static DefinitionProblem? CheckEndpoint(string? url) => url is null || ServiceEndpoint.IsAllowed(url) ? null : new(
        nameof(SnowflakeDestination.EndpointUrl), "The address of Snowflake's SQL API must begin with https://, and have nothing after the port.",
        "Write it as https://host or https://host:port. Plain http:// is allowed for this machine only.");

    /// <summary>Returns the address of the account's SQL API.</summary>
    /// <param name="endpointUrl">Another address that replaces the host, or null.</param>
    public Uri Address(string? endpointUrl) => new(endpointUrl ?? "https://" + Host);

    private static (SnowflakeAccount? Account, string? Problem) Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return (null, "The account is missing.");
        text = text.Trim();
        if (text.Contains("://", StringComparison.Ordinal))
            return ReadAddress(text);

        // What follows a host without a scheme: a slash, as browsers show it.
        return ReadIdentifier(text.TrimEnd('/'));
    }

    // A message repeats only what cannot be a password.
    private static (SnowflakeAccount? Account, string? Problem) ReadAddress(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps || url.UserInfo.Length > 0)
            return (null, "The account must be an identifier or an https:// address without a user.");
        var host = url.Host.ToLowerInvariant();
        var labels = host.Split('.');
        var isSnowsight = host is "app.snowflake.com" or "app.snowflake.cn";
        var isPrivateSnowsight = labels is ["app", _, .., "privatelink", "snowflakecomputing", _];
        if (!isSnowsight && !isPrivateSnowsight)
        {
            return IsOfSnowflake(host)
                ? ReadIdentifier(host)
                : (null, $"\"{host}\" is not a host of Snowflake. The address of a proxy belongs in {nameof(SnowflakeDestination.EndpointUrl)}.");
        }
        if (url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) is not [var first, var second, ..])
            return (null, "The address of Snowsight does not have the account: it continues with /organization/account or /region/locator.");

        // The name of an organization has no hyphen, unlike that of a region.
        var identifier = first.Contains('-', StringComparison.Ordinal) ? $"{second}.{first}" : $"{first}-{second}";
        var domain = host.EndsWith(".cn", StringComparison.Ordinal) ? ChinaDomain : Domain;
        return ReadIdentifier($"{identifier}{(isPrivateSnowsight ? ".privatelink" : "")}{domain}");
    }

    private static (SnowflakeAccount? Account, string? Problem) ReadIdentifier(string text)
    {
        if (!IdentifierPattern().IsMatch(text))
            return (null, "The account has characters that an account identifier cannot have.");
        var host = text.ToLowerInvariant();
        var domain = IsOfSnowflake(host) ? host[host.LastIndexOf(".snowflakecomputing.", StringComparison.Ordinal)..] : null;
        if (domain is not null)
            (text, host) = (text[..^domain.Length], host[..^domain.Length]);
        else if (host.Contains("snowflake", StringComparison.Ordinal) && host.Contains('.', StringComparison.Ordinal))
            return (null, $"\"{text}\" is not a host of an account of Snowflake.");

        var isPrivate = host.EndsWith(".privatelink", StringComparison.Ordinal);
        if (isPrivate)
            text = text[..^".privatelink".Length];
        if (isPrivate && text.StartsWith("app-", StringComparison.OrdinalIgnoreCase) && text.IndexOf('-', 4) > 0)
            text = text["app-".Length..]; // the host of Snowsight: app-org-account.privatelink…
        return text.Split('.') switch
        {
            [var name] => (Create(name, name), null),
            [var name, "global"] => (Create(text, name.Split('-')[0]), null),
            [var locator, var region] when IsRegion(region) || domain is not null => (Create(text, locator), null),
            [var locator, _, var cloud] when Clouds.Contains(cloud, StringComparer.OrdinalIgnoreCase) => (Create(text, locator), null),

            // Government regions have one more part: xy12345.fhplus.us-gov-west-1.aws.
            [var locator, _, var region, var cloud] when IsRegion(region) && Clouds.Contains(cloud, StringComparer.OrdinalIgnoreCase)
                => (Create(text, locator), null),

            // The form in which Snowsight copies an account. Neither name has a hyphen.
            [var organization, var name] when !text.Contains('-', StringComparison.Ordinal) => (
                Create($"{organization}-{name}", $"{organization}-{name}"), null),
            [var locator, var region] => (
                null, $"\"{text}\" is not an account of Snowflake: \"{region}\" is neither a region nor the name of an account."),
            _ => (null, $"\"{text}\" is not an account of Snowflake: it has too many parts."),
        };

        SnowflakeAccount Create(string identifier, string name)
        {
            var lower = identifier.ToLowerInvariant().Replace('_', '-');
            var suffix = domain ?? (lower.Contains(".cn-", StringComparison.Ordinal) ? ChinaDomain : Domain);
            return new($"{lower}{(isPrivate ? ".privatelink" : "")}{suffix}", name.ToUpperInvariant());
        }
    }

    private static bool IsOfSnowflake(string host)
        => host.EndsWith(Domain, StringComparison.Ordinal) || host.EndsWith(ChinaDomain, StringComparison.Ordinal);

    // eu-central-1, us-gov-west-1, us-central1; those of Azure without a number are always followed by .azure.
    private static bool IsRegion(string text) => RegionPattern().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9]+(?:-[a-z]+)+-?[0-9]+\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex RegionPattern();

    // Parts of letters, digits, underscores and hyphens; a hyphen neither begins nor ends one.
    [GeneratedRegex(
        @"\A[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        1000)]
    private static partial Regex IdentifierPattern();
}
