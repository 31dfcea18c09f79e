using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Remedies;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>The set-up of a destination: from the IAM role that reads staged files to the test.</summary>
internal sealed class SnowflakeSetup
{
    private const string UserPlaceholder = "STORAGE_AWS_IAM_USER_ARN";
    private const string ExternalIdPlaceholder = "STORAGE_AWS_EXTERNAL_ID";
    private const string KeyPlaceholder = "<PUBLIC_KEY>";
    private const string TokenUserPlaceholder = "<USER>";
    private const string AddressPlaceholder = "<ADDRESS>";

    private readonly SnowflakeDestination _destination;
    private readonly S3Connection _staging;
    private readonly ReadConnections _read;
    private readonly TrustedParty? _trusted;
    private readonly S3FeedPolicy _policy;
    private readonly SnowflakeSetupSql _sql;

    /// <param name="destination">The destination; valid.</param>
    /// <param name="read">The connections whose objects Snowflake reads.</param>
    /// <param name="trusted">The values of the storage integration; null while it does not exist.</param>
    /// <exception cref="Errors.FeedException"><c>ConnectionInvalid</c>, <c>PolicyNotNeeded</c>, <c>PolicyBucketUnknown</c>.</exception>
    public SnowflakeSetup(SnowflakeDestination destination, ReadConnections read, TrustedParty? trusted)
    {
        (_destination, _staging, _read, _trusted) = (destination, read.Staging, read, trusted);
        _policy = SnowflakePolicies.ForCopy(destination, read, trusted);
        _sql = new(new(destination, read));
    }

    /// <summary>Creates the steps.</summary>
    public S3FeedSetup Create() => new(_destination.Name, [
        Here("Let the staging connection write", Remedy.DestinationPolicy(_destination.Name, nameof(PolicyPurpose.Staging))),
        .. _staging.IsOnAmazon ? Integrate() : [],
        new("Create the role of the feeds", SetupPlace.Database, $"{SnowflakeSetupSql.UseAdministrator}\n{_sql.CreateRole()}"),
        new("Create the virtual warehouse, which runs the statements", SetupPlace.Database, _sql.CreateWarehouse()),
        new("Create database and schema, and let the role create tables", SetupPlace.Database, _sql.CreateSchema()),
        CreateStage(),
        .. CreateSourceStage(),
        .. LogIn(),
        Here("Test the destination", Remedy.TestDestination(_destination.Name)),
    ]);

    private static S3FeedSetupStep Here(string title, Remedy remedy) => new(title, SetupPlace.PeakS3Feed, Text: null) { Remedies = [remedy] };

    private IEnumerable<S3FeedSetupStep> Integrate()
    {
        yield return CreateIamRole();
        yield return new(
            "Create the storage integration, which reads the staged files", SetupPlace.Database,
            $"{SnowflakeSetupSql.UseAdministrator}\n{_sql.CreateIntegration(GetRoleArn())}")
        {
            Replace = _destination.IntegrationRole is null ? "Replace <ACCOUNT> by the number of the AWS account that has the role." : null,
        };
        yield return new(
            "Show the two values that the IAM role must trust", SetupPlace.Database, _sql.DescribeIntegration(),
            _trusted is null ? "Give the values of STORAGE_AWS_IAM_USER_ARN and STORAGE_AWS_EXTERNAL_ID to this command:" : null)
        {
            Remedies = _trusted is null ? [Remedy.Setup(_destination.Name, $"<{UserPlaceholder}>", $"<{ExternalIdPlaceholder}>")] : [],
        };
        yield return TrustSnowflake();
    }

    private string GetRoleArn() => _destination.IntegrationRole
        ?? $"arn:{AwsPartition.From(_staging.Region).Name}:iam::<ACCOUNT>:role/{_policy.Grants[0].Role!.Name}";

    private S3FeedSetupStep CreateIamRole()
    {
        var step = new S3FeedSetupStep(
            _destination.IntegrationRole is null ? "Create the IAM role with which Snowflake reads the staged files"
                : "Let the IAM role of the integration read the staged files",
            SetupPlace.AwsCli,
            // The trust policy is a step of its own, once its values are known.
            SnowflakePolicies.ForCopy(_destination, _read).Render(PolicyForm.AwsCli));
        return _destination.IntegrationRole is not null ? step : step with
        {
            PasteBack = "Until the trust policy is final, nobody may assume the role. Store the ARN that the first command prints, and get the "
                + "set-up again:",
            Remedies = [Remedy.SetDestination(_destination.Name, nameof(SnowflakeDestination.IntegrationRole), "<ARN>")],
        };
    }

    private S3FeedSetupStep TrustSnowflake()
    {
        var trust = AccessStatements.Trust(
            _staging with { ExternalId = _trusted?.ExternalId ?? ExternalIdPlaceholder }, _trusted?.Principal ?? UserPlaceholder);
        var document = PolicyJson.Text(w => PolicyJson.Document(w, trust), indented: false);
        return new(
            "Let Snowflake assume the IAM role", SetupPlace.AwsCli,
            $"aws iam update-assume-role-policy --role-name '{_policy.Grants[0].Role!.Name}' --policy-document '{document}'")
        {
            Replace = _trusted is null
                ? $"Replace {UserPlaceholder} and {ExternalIdPlaceholder} by their values; or get the set-up with them, as the step before says."
                : null,
        };
    }

    private S3FeedSetupStep CreateStage()
    {
        const string Title = "Create the external stage, from which Snowflake loads the staged files";
        if (_staging.IsOnAmazon)
            return new(Title, SetupPlace.Database, _sql.CreateStage());
        return new(Title, SetupPlace.Database, _sql.CreateStageWithKey())
        {
            Replace = $"The bucket of {_staging.Name} is not on Amazon S3, so the stage has an access key: replace <ACCESS_KEY_ID> and "
                + "<SECRET_ACCESS_KEY> by one that may only list and read there. Snowflake must have enabled the endpoint for your account.",
        };
    }

    private IEnumerable<S3FeedSetupStep> CreateSourceStage()
    {
        if (_read.Sources.Count == 0)
            yield break;
        var others = _read.Sources.Skip(1).Select(c => c.Name).ToList();
        yield return new(
            "Create the external stage of the objects, which Snowflake loads itself", SetupPlace.Database, _sql.CreateSourceStage(_read.Sources[0]))
        {
            Replace = others.Count == 0 ? null
                : $"A destination has one such stage. Where it cannot have the objects of {string.Join(", ", others)}, their feeds "
                    + "are staged.",
        };
    }

    private IEnumerable<S3FeedSetupStep> LogIn()
    {
        if (_destination.OAuthToken is not null)
        {
            yield return new("Let the user of the OAuth token take the role", SetupPlace.Database, _sql.GrantRole(TokenUserPlaceholder))
            {
                Replace = $"Replace {TokenUserPlaceholder} by the user that the token belongs to. This user and the security integration for OAuth "
                    + $"exist already. {CheckParameters(TokenUserPlaceholder)}",
            };
        }
        else if (_destination.AccessToken is not null)
        {
            yield return new(
                "Create the user of the feeds, with the network policy that its token requires", SetupPlace.Database,
                _sql.CreateUserForToken(AddressPlaceholder))
            {
                Replace = $"Replace {AddressPlaceholder} by the address that feeds come from, for example 203.0.113.7 or 203.0.113.0/24. "
                    + CheckParameters(),
            };
            yield return new(
                "Create the programmatic access token", SetupPlace.Database, _sql.CreateToken(),
                $"Snowflake shows the token once: store it where {_destination.AccessToken} says.");
        }
        else
        {
            yield return CreateKeyPair();
            yield return new("Create the user of the feeds, with the public key", SetupPlace.Database, _sql.CreateUser(KeyPlaceholder))
            {
                Replace = $"Replace {KeyPlaceholder} by the line that the last command of the step before prints. If the user exists, set the key "
                    + $"with ALTER USER: RSA_PUBLIC_KEY, or RSA_PUBLIC_KEY_2 beside a key that is in use. {CheckParameters()}",
            };
        }
    }

    // The set-up leaves a user that exists as it is.
    private string CheckParameters(string? user = null)
        => "A user that exists must have the parameters AUTOCOMMIT = TRUE, ROWS_PER_RESULTSET = 0 and TIMESTAMP_INPUT_FORMAT = AUTO, which are "
            + $"Snowflake's defaults: {_sql.ShowParameters(user)}";

    // Each command is the same in a POSIX shell and in PowerShell 7.4 or later.
    private S3FeedSetupStep CreateKeyPair()
    {
        var file = SecretReference.TryParse(_destination.PrivateKey, out var reference) && reference.Kind == SecretKind.File
            ? reference.Location
            : $"peaks3feed-{_destination.Name}.p8";
        var quoted = CommandText.Shell(file);
        var cipher = _destination.PrivateKeyPassphrase is null ? "" : " -aes-256-cbc";
        return new(
            "Create the key pair", SetupPlace.Shell,
            $"openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072{cipher} -out {quoted}\n"
                + $"openssl pkey -in {quoted} -pubout -outform DER | openssl base64 -A",
            GetKeyNote(reference, file));
    }

    private string GetKeyNote(SecretReference? reference, string file)
    {
        var passphrase = _destination.PrivateKeyPassphrase is { } secret ? $" Store the passphrase where {secret} says." : "";
        var key = reference?.Kind == SecretKind.File
            ? "Only the user that runs feeds may read the file."
            : $"Store the content of {file} where {_destination.PrivateKey} says, and delete the file.";
        return $"The last command prints the public key in one line. {key}{passphrase}";
    }
}
