using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>The errors about connections.</summary>
internal static class ConnectionErrors
{
    /// <summary>No file that the SDK reads has the profile.</summary>
    public static FeedException ProfileNotFound(string profile, IEnumerable<string> known, S3Connection connection) => new(
        "ProfileNotFound", FeedErrorCategory.ObjectNotFound, $"The account that runs this has no AWS profile named {profile}.")
    {
        Target = connection.Name,
        Hint = NearestName.AskFirst(profile, known)
            + (connection.ProfileName is null ? "The variable AWS_PROFILE is at fault" : "The connection's profileName is at fault")
            + ", or the files of profiles: services and scheduled tasks run as another account, with its own files. The first command lists the "
            + "profiles.",
        Remedies =
        [
            Remedy.Verbatim("aws configure list-profiles"),
            .. connection.ProfileName is null ? [] : new[] { Remedy.SetConnection(connection.Name, "ProfileName", "default") },
        ],
    };

    /// <summary>The profile exists, but provides no credentials.</summary>
    public static FeedException ProfileUnusable(string profile, string connection, string why, Exception? inner = null) => new(
        "ProfileUnusable", FeedErrorCategory.AuthenticationError, $"The AWS profile {profile} provides no credentials: {why}", inner)
    {
        Target = connection,
        Hint = "The profile is at fault: fix it in the AWS config files until the command below shows your identity.",
        Remedies = [Remedy.Verbatim($"aws sts get-caller-identity --profile {profile}")],
    };

    /// <summary>The profile requires a sign-in with a browser first.</summary>
    public static FeedException NotSignedIn(string profile, string connection, Exception inner) => new(
        "NotSignedIn", FeedErrorCategory.AuthenticationError,
        $"The AWS profile {profile} is not signed in, or its session has expired: {inner.Message.TrimEnd('.')}.", inner)
    {
        Target = connection,
        Hint = "The profile's SSO session is at fault: sign in as the account that runs this. For unattended runs, use a role or an access key.",
        Remedies = [AccessDiagnosis.SignIn(profile)],
    };

    /// <summary>The default chain found no credentials.</summary>
    public static FeedException CredentialsMissing(S3Connection connection, Exception inner) => new(
        "CredentialsMissing", FeedErrorCategory.AuthenticationError,
        "No AWS credentials were found in the environment, the profiles or the machine's role.", inner)
    {
        Target = connection.Name,
        Hint = "The base credentials are missing: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for the account that runs "
            + "this; or name a profile. A public bucket needs no credentials.",
        Remedies =
        [
            Remedy.SetConnection(connection.Name, "ProfileName", "<PROFILE>"),
            .. connection.RoleArn is null ? new[] { Remedy.SetConnection(connection.Name, "Anonymous", "true") } : [],
        ],
    };

    /// <summary>A service refused a request, or could not be reached.</summary>
    public static FeedException Failed(AccessAttempt attempt, ServiceFailure failure, Exception inner)
    {
        var diagnosis = AccessDiagnosis.Explain(attempt, failure);
        return new(diagnosis.Id, diagnosis.Category, diagnosis.Message, inner)
        {
            Target = attempt.Connection.Name,
            Hint = diagnosis.Hint,
            ServiceCode = failure.Code,
            RequestId = failure.RequestId,
            Remedies = [.. diagnosis.Remedies, Remedy.TestConnection(attempt.Connection.Name)],
        };
    }
}
