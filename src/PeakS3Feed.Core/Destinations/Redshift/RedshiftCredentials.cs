using System.Globalization;
using System.Text.Json.Serialization;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// The database user of a destination. A temporary password is requested when it is first used, and again well before it expires. Sessions that are
/// open when it expires stay open; only a new session requires a valid password.
/// </summary>
internal sealed class RedshiftCredentials : IDisposable
{
    private const string QueryVersion = "2012-12-01";

    private readonly SignedServices _services;
    private readonly string _location;
    private readonly DatabaseUser? _fixed;
    private readonly RenewedValue<DatabaseUser>? _temporary;

    /// <summary>Creates the credentials. Makes no request yet.</summary>
    /// <param name="login">How the destination logs in.</param>
    /// <param name="services">The services that grant temporary passwords.</param>
    /// <param name="location">The destination, for messages.</param>
    /// <param name="logger">Logs renewals that fail.</param>
    public RedshiftCredentials(RedshiftLogin login, SignedServices services, string location, ILogger logger)
    {
        (_services, _location) = (services, location);
        switch (login)
        {
            case RedshiftLogin.Fixed { User: var user }:
                _fixed = user;
                break;
            case RedshiftLogin.Temporary temporary:
                _temporary = new(c => RequestAsync(temporary, c), services.Calls.Time, (e, expires) => logger.LogWarning(
                    "The database password for {Location} could not be renewed ({Reason}); it lasts until {Expires:u}",
                    location, e.Message, expires));
                break;
            default:
                throw new ArgumentException($"{login.GetType().Name} is not a login.", nameof(login));
        }
    }

    /// <summary>Returns the user with a password that is valid now. Call this for each new session.</summary>
    /// <exception cref="FeedException">The service grants no password, and there is none that is still valid.</exception>
    public ValueTask<DatabaseUser> GetAsync(CancellationToken cancellationToken)
        => _temporary?.GetAsync(cancellationToken) ?? ValueTask.FromResult(_fixed!);

    /// <summary>Drops a temporary password that the database refused. The next session gets another one.</summary>
    public void Forget(DatabaseUser user) => _temporary?.Forget(user);

    /// <inheritdoc/>
    public void Dispose() => _temporary?.Dispose();

    private async Task<GrantedValue<DatabaseUser>> RequestAsync(RedshiftLogin.Temporary login, CancellationToken cancellationToken)
    {
        var requested = _services.Calls.Time.GetUtcNow();
        var (operation, request) = login switch
        {
            RedshiftLogin.ClusterUser user => ("redshift:GetClusterCredentials", QueryAsync(
                "GetClusterCredentials",
                [
                    new("ClusterIdentifier", user.ClusterIdentifier), new("DbName", user.Database), new("DbUser", user.DbUser),
                    new("AutoCreate", "false"), new("DurationSeconds", SecondsText(user)),
                ],
                cancellationToken)),
            RedshiftLogin.ClusterIam iam => ("redshift:GetClusterCredentialsWithIAM", QueryAsync(
                "GetClusterCredentialsWithIAM",
                [new("ClusterIdentifier", iam.ClusterIdentifier), new("DbName", iam.Database), new("DurationSeconds", SecondsText(iam))],
                cancellationToken)),
            RedshiftLogin.Workgroup workgroup => ("redshift-serverless:GetCredentials", ServerlessAsync(workgroup, cancellationToken)),
            _ => throw new ArgumentException($"{login.GetType().Name} is not a login.", nameof(login)),
        };
        try
        {
            var (user, expiry) = await request;
            return GrantedValue<DatabaseUser>.Create(user, requested, login.Duration, expiry);
        }
        catch (Exception e) when (e is not FeedException && !cancellationToken.IsCancellationRequested)
        {
            throw RedshiftServiceErrors.Failed(_location, operation, e);
        }
    }

    private static int Seconds(RedshiftLogin.Temporary login) => (int)login.Duration.TotalSeconds;

    private static string SecondsText(RedshiftLogin.Temporary login) => Seconds(login).ToString(CultureInfo.InvariantCulture);

    private async Task<(DatabaseUser User, DateTimeOffset? Expiry)> QueryAsync(
        string action, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken)
    {
        var answer = await _services.Create("redshift").CallQueryAsync(action, QueryVersion, parameters, cancellationToken);
        return (User(ServiceXml.Find(answer, "DbUser"), ServiceXml.Find(answer, "DbPassword")), Expiration(answer));
    }

    private static DateTimeOffset? Expiration(XElement answer) => DateTimeOffset.TryParse(
        ServiceXml.Find(answer, "Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private async Task<(DatabaseUser User, DateTimeOffset? Expiry)> ServerlessAsync(
        RedshiftLogin.Workgroup login, CancellationToken cancellationToken)
    {
        var answer = await _services.Create("redshift-serverless").CallJsonAsync(
            "RedshiftServerless.GetCredentials", new ServerlessRequest(login.WorkgroupName, login.Database, Seconds(login)),
            ServerlessJson.Default.ServerlessRequest, ServerlessJson.Default.ServerlessAnswer, cancellationToken);
        return (User(answer.DbUser, answer.DbPassword), answer.Expiration is { } seconds
            ? DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds)
            : null);
    }

    private static DatabaseUser User(string? name, string? password)
        => name is { Length: > 0 } && password is { Length: > 0 } ? new(name, password) : throw new UnexpectedResponseException();
}

/// <summary>A request for a temporary password of a serverless workgroup.</summary>
internal sealed record ServerlessRequest(string WorkgroupName, string DbName, int DurationSeconds);

/// <summary>A temporary password of a serverless workgroup; it expires in seconds since 1970. The text form does not show the password.</summary>
internal sealed record ServerlessAnswer(string? DbUser, string? DbPassword, double? Expiration)
{
    /// <inheritdoc/>
    public override string ToString() => $"database user {DbUser}";
}

/// <summary>Writes and reads the calls of serverless workgroups, whose members begin with a lower-case letter.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServerlessRequest))]
[JsonSerializable(typeof(ServerlessAnswer))]
internal sealed partial class ServerlessJson : JsonSerializerContext;
