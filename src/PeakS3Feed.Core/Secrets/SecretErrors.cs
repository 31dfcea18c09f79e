using PeakS3Feed.Errors;

namespace PeakS3Feed.Secrets;

/// <summary>The errors of secrets. None of them repeats a value.</summary>
internal static class SecretErrors
{
    /// <summary>The three kinds of reference, for hints.</summary>
    public const string Kinds
        = "Write where the secret is kept: env:NAME (an environment variable), file:/PATH (an absolute path to a file that holds it) "
        + "or vault:VAULT/NAME (a SecretManagement vault).";

    public static FeedException NotAReference() => new(
        "SecretReferenceInvalid", FeedErrorCategory.InvalidArgument, "A secret itself must not be stored; only a reference to it may be.")
    {
        Hint = Kinds,
    };

    public static FeedException VariableMissing(SecretReference reference) => new(
        "SecretNotFound",
        FeedErrorCategory.ObjectNotFound,
        $"The secret {reference} is not there: the environment variable {reference.Location} is not set or empty.")
    {
        Target = reference.ToString(),
        Hint = "Set the variable for the process that runs the feed; a service or a scheduled task does not have those of your session.",
    };

    public static FeedException FileMissing(SecretReference reference, Exception inner) => new(
        "SecretNotFound", FeedErrorCategory.ObjectNotFound, $"The secret {reference} is not there: the file does not exist.", inner)
    {
        Target = reference.ToString(),
        Hint = "Make the file, readable only for the user that runs the feed.",
    };

    public static FeedException FileUnreadable(SecretReference reference, Exception inner) => new(
        "SecretUnreadable", FeedErrorCategory.PermissionDenied, $"The secret {reference} cannot be read: {Reason(inner)}.", inner)
    {
        Target = reference.ToString(),
        Hint = "Let the user that runs the feed read the file.",
    };

    public static FeedException FileWrong(SecretReference reference, string what) => new(
        "SecretUnreadable", FeedErrorCategory.InvalidData, $"The secret {reference} cannot be used: the file {what}.")
    {
        Target = reference.ToString(),
        Hint = "The file must hold the secret alone, as UTF-8 text; one line end after it is ignored.",
    };

    public static FeedException VaultLacks(SecretReference reference) => new(
        "SecretNotFound",
        FeedErrorCategory.ObjectNotFound,
        $"The secret {reference} is not there: the vault {reference.VaultName} has no {reference.SecretName}, or an empty one.")
    {
        Target = reference.ToString(),
        Hint = "Put it there for the account that runs the feed, or correct the reference.",
    };

    public static FeedException VaultFailed(SecretReference reference, Exception inner) => new(
        "SecretUnreadable", FeedErrorCategory.ResourceUnavailable, $"The secret {reference} cannot be read: {inner.Message.TrimEnd('.')}.", inner)
    {
        Target = reference.ToString(),
        Hint = "The module Microsoft.PowerShell.SecretManagement must be installed, the vault registered and unlocked, for the user that runs the feed.",
    };

    public static FeedException OnlyInPowerShell(SecretReference reference) => new(
        "SecretNeedsPowerShell",
        FeedErrorCategory.InvalidOperation,
        $"The secret {reference} is in a SecretManagement vault, which only the cmdlets can open.")
    {
        Target = reference.ToString(),
        Hint = "Run the feed from PowerShell, or keep the secret where a program can read it: env:NAME (an environment variable) or file:/PATH.",
    };

    private static string Reason(Exception error)
        => error is UnauthorizedAccessException ? "access was denied, or it is a folder" : "the system could not read the file";
}
