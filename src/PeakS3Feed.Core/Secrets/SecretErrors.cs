using PeakS3Feed.Errors;

namespace PeakS3Feed.Secrets;

/// <summary>The errors about secrets. They never contain a value.</summary>
internal static class SecretErrors
{
    /// <summary>The message about a secret in a definition.</summary>
    public const string NotStored = "A definition must not contain a secret, only a reference to it.";

    /// <summary>The three kinds of reference, for hints.</summary>
    public const string Kinds
        = "Give a reference: env:NAME (an environment variable), file:/PATH (the absolute path of a file with the secret) "
        + "or vault:VAULT/NAME (a SecretManagement vault).";

    public static FeedException NotAReference() => new(
        "SecretReferenceInvalid", FeedErrorCategory.InvalidArgument, "This setting requires a reference to a secret, not the secret itself.")
    {
        Hint = Kinds,
    };

    public static FeedException VariableMissing(SecretReference reference) => new(
        "SecretNotFound",
        FeedErrorCategory.ObjectNotFound,
        $"The secret {reference} does not exist: the environment variable {reference.Location} is not set or is empty.")
    {
        Target = reference.ToString(),
        Hint = NearestName.AskFirst(reference.Location, Environment.GetEnvironmentVariables().Keys.Cast<string>())
            + "Set the variable for the process that runs the feed. A service or a scheduled task does not have the variables of your session.",
    };

    public static FeedException FileMissing(SecretReference reference, Exception inner) => new(
        "SecretNotFound", FeedErrorCategory.ObjectNotFound, $"The secret {reference} does not exist: there is no such file.", inner)
    {
        Target = reference.ToString(),
        Hint = "Create the file, readable only by the user that runs the feed.",
    };

    public static FeedException FileUnreadable(SecretReference reference, Exception inner) => new(
        "SecretUnreadable", FeedErrorCategory.PermissionDenied, $"The secret {reference} cannot be read: {Reason(inner)}.", inner)
    {
        Target = reference.ToString(),
        Hint = "Give the user that runs the feed read access to the file.",
    };

    public static FeedException FileWrong(SecretReference reference, string what) => new(
        "SecretUnreadable", FeedErrorCategory.InvalidData, $"The secret {reference} cannot be used: the file {what}.")
    {
        Target = reference.ToString(),
        Hint = "The file must contain only the secret, as UTF-8 text. One line end after it is ignored.",
    };

    public static FeedException VaultLacks(SecretReference reference) => new(
        "SecretNotFound",
        FeedErrorCategory.ObjectNotFound,
        $"The secret {reference} does not exist: the vault {reference.VaultName} has no {reference.SecretName}, or its value is empty.")
    {
        Target = reference.ToString(),
        Hint = "Add it to the vault for the account that runs the feed, or correct the reference.",
    };

    public static FeedException VaultFailed(SecretReference reference, Exception inner) => new(
        "SecretUnreadable", FeedErrorCategory.ResourceUnavailable, $"The secret {reference} cannot be read: {inner.Message.TrimEnd('.')}.", inner)
    {
        Target = reference.ToString(),
        Hint = "For the user that runs the feed, the module Microsoft.PowerShell.SecretManagement must be installed, and the vault must be "
            + "registered and unlocked.",
    };

    public static FeedException OnlyInPowerShell(SecretReference reference) => new(
        "SecretNeedsPowerShell",
        FeedErrorCategory.InvalidOperation,
        $"The secret {reference} is in a SecretManagement vault, which only the cmdlets can open.")
    {
        Target = reference.ToString(),
        Hint = "Run the feed from PowerShell, or store the secret where a program can read it: env:NAME (an environment variable) or file:/PATH.",
    };

    private static string Reason(Exception error)
        => error is UnauthorizedAccessException ? "access was denied, or the path is a folder" : "the system could not read the file";
}
