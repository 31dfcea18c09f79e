using System.Text.RegularExpressions;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>The rules for the way in to a warehouse, and for the login.</summary>
internal static partial class RedshiftAccessRules
{
    private static readonly RedshiftDestination Defaults = new() { Name = "", Database = "", StagingConnection = "" };

    /// <summary>Finds all problems.</summary>
    public static IEnumerable<DefinitionProblem> Check(RedshiftDestination definition)
    {
        IEnumerable<DefinitionProblem?> problems =
        [
            .. definition.Host is null ? CheckDataApi(definition) : CheckWire(definition),
            .. CheckWarehouse(definition),
            ServerRules.CheckDatabase(definition.Database, nameof(definition.Database)),
            ServerRules.CheckSchema(definition.Schema, nameof(definition.Schema)),
            ServerRules.CheckPassword(definition.Password, nameof(definition.Password)),
            CheckSecretArn(definition),
            CheckDbUser(definition),
            .. CheckServices(definition),
        ];
        return problems.OfType<DefinitionProblem>();
    }

    private static bool HasPassword(RedshiftDestination definition) => definition.Username is not null || definition.Password is not null;

    private static bool NamesWarehouse(RedshiftDestination definition)
        => definition.WorkgroupName is not null || definition.ClusterIdentifier is not null;

    // Only a login with a fixed password needs no service of AWS.
    private static bool CallsAws(RedshiftDestination definition) => definition.Host is null || NamesWarehouse(definition);

    private static IEnumerable<DefinitionProblem?> CheckWire(RedshiftDestination definition)
    {
        yield return ServerRules.CheckHost(definition.Host, nameof(definition.Host), allowsSocket: false);
        yield return ServerRules.CheckPort(definition.Port, nameof(definition.Port));
        yield return ServerRules.CheckSslMode(definition.SslMode, nameof(definition.SslMode));
        yield return ServerRules.CheckRootCertificate(definition.RootCertificate, nameof(definition.RootCertificate));
        yield return (NamesWarehouse(definition), HasPassword(definition)) switch
        {
            (true, true) => new(
                nameof(definition.Username), "The destination has two logins: a user with a password, and temporary passwords from AWS.",
                "Leave out Username and Password; or WorkgroupName and ClusterIdentifier, which are for temporary passwords."),
            (false, false) => new(
                nameof(definition.Username), "The login is missing.",
                "Give Username and Password; or WorkgroupName or ClusterIdentifier, for temporary passwords from AWS."),
            (false, true) when string.IsNullOrWhiteSpace(definition.Username) => new(nameof(definition.Username), "The user name is missing."),
            (false, true) when definition.Password is null => new(nameof(definition.Password), "The password is missing.", SecretErrors.Kinds),
            _ => null,
        };
    }

    private static IEnumerable<DefinitionProblem?> CheckDataApi(RedshiftDestination definition)
    {
        if (!NamesWarehouse(definition))
        {
            yield return new(
                nameof(definition.Host), "The destination names no warehouse.",
                "Give WorkgroupName or ClusterIdentifier to use the Redshift Data API; or Host to connect to the database.");
        }
        (string Field, bool IsGiven)[] settings =
        [
            (nameof(definition.Port), definition.Port != Defaults.Port),
            (nameof(definition.Username), definition.Username is not null),
            (nameof(definition.Password), definition.Password is not null),
            (nameof(definition.SslMode), !definition.SslMode.Equals(Defaults.SslMode, StringComparison.OrdinalIgnoreCase)),
            (nameof(definition.RootCertificate), definition.RootCertificate is not null),
        ];
        foreach (var (field, _) in settings.Where(s => s.IsGiven))
        {
            yield return new(
                field, $"{field} is for a connection to the database, but the destination has no host.",
                field is nameof(definition.Username) or nameof(definition.Password)
                    ? "Give Host; or leave it out. With the Redshift Data API, SecretArn names a user and a password."
                    : "Give Host; or leave it out.");
        }
    }

    private static IEnumerable<DefinitionProblem?> CheckWarehouse(RedshiftDestination definition)
    {
        if (definition is { WorkgroupName: not null, ClusterIdentifier: not null })
        {
            yield return new(
                nameof(definition.ClusterIdentifier), "The destination names both a workgroup and a cluster.",
                "Leave out one of them: a workgroup is serverless, a cluster is provisioned.");
        }
        yield return CheckIdentifier(
            definition.WorkgroupName, nameof(definition.WorkgroupName), "workgroup", "3 to 64 lower-case letters, digits and hyphens",
                WorkgroupPattern());
        yield return CheckIdentifier(
            definition.ClusterIdentifier, nameof(definition.ClusterIdentifier), "cluster",
                "1 to 63 lower-case letters, digits and hyphens, a letter first",
            ClusterPattern());
    }

    private static DefinitionProblem? CheckIdentifier(string? name, string field, string what, string form, Regex pattern)
    {
        if (name is null || pattern.IsMatch(name)) return null;
        if (name.Contains('.', StringComparison.Ordinal))
        {
            // The first label of Amazon's host names is the name of the workgroup or cluster.
            return new(
                field, $"\"{name}\" is a host name, not the name of a {what}.",
                $"Give only the name, for example {name.Split('.')[0]}; or give the host as Host.");
        }
        return new(
            field, $"\"{name}\" is not the name of a {what}.", $"The name of a {what} has {form}.");
    }

    private static DefinitionProblem? CheckSecretArn(RedshiftDestination definition)
    {
        const string Field = nameof(RedshiftDestination.SecretArn);
        if (definition.SecretArn is not { } secret) return null;
        if (definition.Host is not null)
        {
            return new(
                Field, "SecretArn is for the Redshift Data API, but the destination has a host.",
                "Leave out Host to use the Data API; or leave out SecretArn.");
        }
        if (definition.DbUser is not null)
            return new(Field, "The destination has two logins: a secret and a database user.", "Leave out SecretArn or DbUser.");
        var match = SecretPattern().Match(secret);
        if (!match.Success)
        {
            return new(
                Field, $"\"{secret}\" is not the ARN of a secret of Secrets Manager.",
                "It has the form arn:aws:secretsmanager:eu-west-1:123456789012:secret:name.");
        }
        return definition.Region is not { } region || match.Groups["region"].Value == region ? null : new(
            Field, $"The secret is in {match.Groups["region"].Value}, but the warehouse is in {region}.",
            "The Redshift Data API uses only secrets of its own region.");
    }

    private static DefinitionProblem? CheckDbUser(RedshiftDestination definition)
    {
        const string Field = nameof(RedshiftDestination.DbUser);
        if (definition.DbUser is not { } user) return null;
        if (string.IsNullOrWhiteSpace(user)) return new(Field, "The database user is blank.", "Leave it out for the user of the IAM identity.");
        if (definition.ClusterIdentifier is not null) return null;
        return definition.WorkgroupName is not null
            ? new(Field, "A serverless workgroup has no login as another database user.", "Leave out DbUser; the user is that of the IAM identity.")
            : new(Field, "DbUser is for temporary passwords of a cluster.", "Give ClusterIdentifier too; or leave out DbUser.");
    }

    private static IEnumerable<DefinitionProblem?> CheckServices(RedshiftDestination definition)
    {
        if (string.IsNullOrEmpty(definition.Region))
        {
            if (CallsAws(definition))
            {
                yield return new(
                    nameof(definition.Region), "The destination names no region.", "Give the region of the warehouse, for example eu-west-1.");
            }
        }
        else if (!AwsRegions.IsName(definition.Region))
        {
            yield return new(
                nameof(definition.Region), $"\"{definition.Region}\" is not the name of a region.", "Give its system name, for example eu-west-1.");
        }
        if (definition.ProfileName is { } profile && string.IsNullOrWhiteSpace(profile))
            yield return new(nameof(definition.ProfileName), "The name of the profile is blank.", "Leave it out for the default credentials.");
        if (definition.EndpointUrl is { } url && !ServiceEndpoint.IsAllowed(url))
        {
            yield return new(
                nameof(definition.EndpointUrl), "The address of Redshift's services must begin with https://, and have nothing after the port.",
                "Write it as https://host or https://host:port. Plain http:// is allowed for this machine only.");
        }
        if (CallsAws(definition)) yield break;
        if (definition.ProfileName is not null) yield return NotCalled(nameof(definition.ProfileName));
        if (definition.EndpointUrl is not null) yield return NotCalled(nameof(definition.EndpointUrl));

        static DefinitionProblem NotCalled(string field) => new(
            field, $"{field} is for calls to AWS, and a login with Username and Password makes none.",
            "Leave it out. The staging connection has a profile and an endpoint of its own.");
    }

    // The API of Redshift Serverless (CreateWorkgroup): 3 to 64 characters.
    [GeneratedRegex(@"\A[a-z0-9-]{3,64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WorkgroupPattern();

    // The API of Redshift (CreateCluster): begins with a letter, at most 63 characters.
    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,62}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ClusterPattern();

    [GeneratedRegex(
        @"\Aarn:aws(?:-[a-z]+)*:secretsmanager:(?<region>[a-z0-9-]+):[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}\z",
        RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SecretPattern();
}
