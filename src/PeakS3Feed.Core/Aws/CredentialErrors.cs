using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Aws;

/// <summary>Creates the errors about credentials. They name the definition that the credentials belong to.</summary>
internal interface ICredentialErrors
{
    /// <summary>No file that the SDK reads has the profile.</summary>
    FeedException ProfileNotFound(string profile, IEnumerable<string> known);

    /// <summary>The profile exists, but provides no credentials.</summary>
    FeedException ProfileUnusable(string profile, string why, Exception? inner = null);

    /// <summary>The profile requires a sign-in with a browser first.</summary>
    FeedException NotSignedIn(string profile, Exception inner);

    /// <summary>The default chain found no credentials.</summary>
    FeedException CredentialsMissing(Exception inner);

    /// <summary>STS grants no session of a role.</summary>
    FeedException RoleRefused(RoleRequest role, Exception inner);
}

/// <summary>The errors about the credentials of a connection.</summary>
internal sealed class ConnectionCredentialErrors(S3Connection connection) : ICredentialErrors
{
    public FeedException ProfileNotFound(string profile, IEnumerable<string> known)
        => ConnectionErrors.ProfileNotFound(profile, known, connection);

    public FeedException ProfileUnusable(string profile, string why, Exception? inner = null)
        => ConnectionErrors.ProfileUnusable(profile, connection.Name, why, inner);

    public FeedException NotSignedIn(string profile, Exception inner) => ConnectionErrors.NotSignedIn(profile, connection.Name, inner);

    public FeedException CredentialsMissing(Exception inner) => ConnectionErrors.CredentialsMissing(connection, inner);

    public FeedException RoleRefused(RoleRequest role, Exception inner) => ConnectionErrors.Failed(
        new(ConnectionStep.AssumeRole, connection with { RoleArn = role.RoleArn, ExternalId = role.ExternalId }), ServiceFailure.From(inner), inner);
}
