using PeakS3Feed.Errors;

namespace PeakS3Feed.Connections;

/// <summary>The errors of this room.</summary>
internal static class ConnectionErrors
{
    /// <summary>The profile is in none of the files the SDK reads.</summary>
    public static FeedException ProfileNotFound(string profile, string connection) => new(
        "ProfileNotFound", FeedErrorCategory.ObjectNotFound, $"There is no AWS profile named {profile} for the account that runs this.")
    {
        Target = connection,
        Hint = "aws configure list-profiles shows those of this account; services and scheduled tasks run as another account with files of its own.",
        Remedies = [new Remedy($"Set-S3Connection -Name {connection} -ProfileName default")],
    };

    /// <summary>The profile is there and gives no credentials.</summary>
    public static FeedException ProfileUnusable(string profile, string connection, string why, Exception? inner = null) => new(
        "ProfileUnusable", FeedErrorCategory.AuthenticationError, $"The AWS profile {profile} gives no credentials: {why}", inner)
    {
        Target = connection,
        Hint = $"aws sts get-caller-identity --profile {profile} shows the same; after aws sso login it may work.",
    };

    /// <summary>The default chain came to its end.</summary>
    public static FeedException CredentialsMissing(string connection, Exception inner) => new(
        "CredentialsMissing", FeedErrorCategory.AuthenticationError, "No AWS credentials were found in the environment, the profiles or the machine's role.", inner)
    {
        Target = connection,
        Hint = "Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile on the connection, or make the bucket's connection anonymous.",
    };

    /// <summary>The definition is not valid.</summary>
    public static FeedException Invalid(string connection, DefinitionProblem problem) => new(
        "ConnectionInvalid", FeedErrorCategory.InvalidArgument, problem.Message) { Target = connection, Hint = problem.Hint };

    /// <summary>A service refused, or could not be asked.</summary>
    public static FeedException Failed(ConnectionStep step, ServiceFailure failure, S3Connection connection, Exception inner)
    {
        var diagnosis = AccessDiagnosis.Explain(step, failure, connection);
        return new(diagnosis.Id, diagnosis.Category, diagnosis.Message, inner)
        {
            Target = connection.Name,
            Hint = diagnosis.Hint,
            ServiceCode = failure.Code,
            RequestId = failure.RequestId,
            Remedies = [Remedy.TestConnection(connection.Name)],
        };
    }
}
