namespace PeakS3Feed.Integration.Remedies;

/// <summary>Every site of the core, the worker and the module, and those that no test can type.</summary>
internal static class RemedyCatalogue
{
    /// <summary>All sites.</summary>
    public static IReadOnlyList<RemedySite> All { get; } =
    [
        .. RemedySites.Find(Programs.Assembly("PeakS3Feed.Core")).Concat(RemedySites.Find(Programs.Assembly("PeakS3Feed.Worker", "peaks3feed"))).Concat(RemedySites.Find(Programs.Assembly("PeakS3Feed"))).Distinct(),
    ];

    /// <summary>The sites that no test can type, and why.</summary>
    public static IReadOnlyDictionary<string, string> Untyped { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ConnectionTest.TryAsync: TestConnection"] = "compares, and suggests nothing",
        ["ConnectionErrors.ProfileNotFound: Verbatim aws configure list-profiles"] = "a command of another program, the AWS CLI",
        ["ConnectionErrors.ProfileUnusable: Verbatim aws sts get-caller-identity --profile"] = "a command of another program, the AWS CLI",
        ["RedshiftCredentialErrors.ProfileNotFound: Verbatim aws configure list-profiles"] = "a command of another program, the AWS CLI",
        ["RedshiftCredentialErrors.ProfileUnusable: Verbatim aws sts get-caller-identity --profile"] = "a command of another program, the AWS CLI",
        ["AccessDiagnosis.SignIn: Verbatim aws sso login --profile aws sso login"] = "a command of another program, which opens a browser",
        ["TableErrors.ColumnCaseDiffers: OtherTable"] = "a table of Snowflake with a quoted name: Snowflake.Tests.ps1 types it",
        ["SnowflakeErrors.FilesRefused: ShowSetup"] = "Snowflake may not read its staged files: Snowflake.Tests.ps1 types it",
        ["SnowflakeErrors.Refused: ShowSetup"] = "Snowflake denies a statement: Snowflake.Tests.ps1 types it",
        ["SnowflakeTest.RunStepsAsync: ShowSetup"] = "the test of a destination in Snowflake: Snowflake.Tests.ps1 types it",
        ["SnowflakeErrors.FilesRefused: DestinationPolicy"] = "Snowflake may not read its staged files; scenarios type the same command elsewhere",
        ["RedshiftErrors.FilesRefused: DestinationPolicy"] = "a warehouse may not read its staged files; scenarios type the same command elsewhere",
        ["RedshiftTest.GetRemedies: DestinationPolicy"] = "AWS denies a call of the Data API; scenarios type the same command elsewhere",
        ["SnowflakeSetup.Create: DestinationPolicy"] = "a step of a set-up, which is a text to paste: SnowflakeDestination.Tests.ps1 types it in both languages",
        ["SnowflakeSetup.Create: TestDestination"] = "a step of a set-up, which needs Snowflake; scenarios type the same command elsewhere",
        ["SnowflakeSetup.CreateIamRole: SetDestination"] = "a step of a set-up: SnowflakeDestination.Tests.ps1 types it in both languages",
        ["SnowflakeSetup.Integrate: Setup"] = "a step of a set-up: SnowflakeDestination.Tests.ps1 types it in both languages",
        ["StagingErrors.GetRemedies: TestConnection"] = "compares, and suggests nothing",
        ["StagingErrors.GetRemedies: SetConnection Anonymous true"] = "compares, and suggests nothing",
        ["StagingErrors.GetRemedies: ShowPolicy"] = "compares, and suggests nothing",
        ["StagingErrors.GetRemedies: DestinationPolicy"] = "a staging connection without access; scenarios type the same command elsewhere",
        ["AccessAttempt.get_ShowPolicy: DestinationPolicy"] = "S3 denies the staged files of a warehouse; scenarios type the same command elsewhere",
        ["CommitErrors.OutcomeUnknown: Run"] = "a server that goes in the commit and stays away: LostAcknowledgementTests run the feed again",
        ["CommitErrors.TableKeepsChanging: Run"] = "a table that is altered at each of many inspections, by destinations of the tests alone: StagedFilesTests",
        ["DestinationErrors.Lost: Run"] = "a connection that breaks in mid load: LostConnectionTests run the feed again",
        ["DestinationErrors.Full: Run"] = "a full disk, which only root can make: DiskFullTests run the feed again",
        ["CommitErrors.Overtaken: Plan"] = "a run of another machine that takes over between two commits: ZombieTests",
        ["ErrorPrinter.PrintWarnings: ShowRun"] = "more warnings than a run keeps; scenarios type the same command elsewhere",
        ["TableErrors.RowsUnreadable: ShowRows"] = "a table that the user may not read, on a server: RowTests; scenarios type the same command elsewhere",
        ["DestinationErrors.Busy: Run"] = "another program that holds the database for a minute",
        ["DeliveryFactory.NothingArrived: Plan"] = "a time of day that comes after the feed was made; scenarios type the same command elsewhere",
        ["SettingErrors.NameIsFixed: RenameFeed"] = "callers of the library alone can change a name along with settings",
        ["RunErrors.RunNotFound: ShowRuns"] = "a run that is cleared between finding it and using it",
    };
}
