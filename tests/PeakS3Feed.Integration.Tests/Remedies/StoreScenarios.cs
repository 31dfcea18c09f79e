namespace PeakS3Feed.Integration.Remedies;

/// <summary>What the store, the history and the command line suggest.</summary>
internal static class StoreScenarios
{
    private const string CopyFile = "StoreErrors.Unreadable: CopyFile";
    private const string MoveFile = "StoreErrors.Unreadable: MoveFile";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("The definitions are broken, and the backup is copied", [CopyFile], async stage =>
        {
            await stage.FollowAsync(await BrokenAsync(stage), ".bak");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("The definitions are broken, and are moved back when they are fixed", [MoveFile], async stage =>
        {
            var whole = await File.ReadAllTextAsync(await DefinitionsAsync(stage));
            var refused = await BrokenAsync(stage);
            var aside = Assert.Single(Directory.GetFiles(stage.Store, "definitions.json*"), f => File.ReadAllText(f) == "{ broken");
            await File.WriteAllTextAsync(aside, whole);
            await stage.FollowAsync(refused, Path.GetFileName(aside));
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("The definitions are gone", ["StoreErrors.Missing: CopyFile"], async stage =>
        {
            File.Delete(await DefinitionsAsync(stage));
            await stage.FollowAsync(await stage.RunFailsAsync("StoreUnreadable"), ".bak");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("A name is in use", ["StoreErrors.Show: ShowFeed"], async stage =>
        {
            await stage.ImportAsync(Stage.Feed("orders"), Stage.Feed("other"));
            var refused = await stage.FailAsync("NameInUse", "peaks3feed set other name=orders", "Rename-S3Feed -Name other -NewName orders");
            var shown = await stage.FollowAsync(refused, "orders");
            Assert.Contains("orders", shown.Text, StringComparison.Ordinal);
        }),
        new(
            "A name is in use that the module alone gives",
            [
                "StoreErrors.Show: ShowConnection", "StoreErrors.Show: ShowTrigger", "StoreErrors.Show: ShowDestination",
            ],
            async stage =>
            {
                await stage.FeedAsync();
                foreach (var (first, second) in new[]
                {
                    ("", $"New-S3Connection lake lake -EndpointUrl {stage.BucketUrl}"),
                    ("New-S3Feed -Name other -ConnectionName lake -FileType Csv -Path other/; Register-S3FeedTrigger -Name nightly -FeedName other -Daily -At 07:00", "Register-S3FeedTrigger -Name nightly -FeedName orders -Daily -At 08:00"),
                    ($"New-S3FeedDestination -Name dwh -Sqlite -Path {stage.Root}/dwh.db", $"New-S3FeedDestination -Name dwh -Sqlite -Path {stage.Root}/other.db"),
                })
                {
                    if (first.Length > 0)
                        await stage.DoAsync("", first);
                    await stage.FollowAsync(await stage.FailAsync("NameInUse", "", second), "Get-");
                }
            }) { Only = Language.PowerShell },
        new("A trigger is made again with another time", ["TriggerCommand.Set: SetTrigger"], async stage =>
        {
            await stage.FeedAsync();
            await stage.DoAsync("", "Register-S3FeedTrigger -Name nightly -FeedName orders -Daily -At 07:00");
            await stage.FollowAsync(await stage.FailAsync("NameInUse", "", "Register-S3FeedTrigger -Name nightly -FeedName orders -Weekly -DaysOfWeek Monday, Friday -At 08:30 -TimeZone Europe/Paris"), "Set-S3FeedTrigger");
            var shown = await stage.DoAsync("", "Get-S3FeedTrigger -Name nightly | Format-List *");
            Assert.All(["Weekly", "08:30", "Monday", "Friday", "Europe/Paris"], word => Assert.Contains(word, shown.Text, StringComparison.Ordinal));
        }) { Only = Language.PowerShell },
        new("A trigger is there already, and is disabled", ["RegisterS3FeedTriggerCommand.ReportExisting: EnableTrigger"], async stage =>
        {
            const string Register = "Register-S3FeedTrigger -Name nightly -FeedName orders -Daily -At 07:00";
            await stage.FeedAsync();
            await stage.DoAsync("", $"{Register}; Disable-S3FeedTrigger -Name nightly");
            await stage.FollowAsync(await stage.DoAsync("", Register), "Enable-");
            Assert.Contains("True", (await stage.DoAsync("", "(Get-S3FeedTrigger).Enabled")).Text, StringComparison.Ordinal);
        }) { Only = Language.PowerShell },
        new("A trigger is named that is not due", ["InvokeS3FeedTriggerCommand.WarnOfWaiting: Fire"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n");
            await stage.DoAsync("", "Register-S3FeedTrigger -Name nightly -FeedName orders -Daily -At 03:00");
            await stage.FollowAsync(await stage.DoAsync("", "Invoke-S3FeedTrigger -Name nightly"), "-Now");
            Assert.Contains("Succeeded", (await stage.DoAsync("", "(Get-S3FeedRun -Last 1).Status")).Text, StringComparison.Ordinal);
        }) { Only = Language.PowerShell },
        new("A webhook is there already", ["RegisterS3FeedTriggerCommand.ReportExisting: RegenerateSecret"], async stage =>
        {
            const string Register = "Register-S3FeedTrigger -Name hook -FeedName orders -Webhook";
            await stage.FeedAsync();
            await stage.DoAsync("", Register);
            await stage.FollowAsync(await stage.DoAsync("", Register), "-Regenerate");
            Assert.Contains("1", (await stage.DoAsync("", "@(Get-S3FeedTrigger).Count")).Text, StringComparison.Ordinal);
        }) { Only = Language.PowerShell },
        new("A watcher is made again with another address", ["StoreErrors.Show: RemoveWatcher"], async stage =>
        {
            await stage.FeedAsync();
            await stage.DoAsync("", "Add-S3FeedWatcher -Name hook -FeedName orders -Url http://localhost:1/a -Event RunFailed");
            await stage.FollowAsync(await stage.FailAsync("NameInUse", "", "Add-S3FeedWatcher -Name hook -FeedName orders -Url http://localhost:1/b -Event RunFailed"), "Remove-", confirms: true);
            await stage.DoAsync("", "Add-S3FeedWatcher -Name hook -FeedName orders -Url http://localhost:1/b -Event RunFailed");
        }) { Only = Language.PowerShell },
        new("A run is not there", ["RunErrors.NoSuchRun: ShowRuns"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n");
            await stage.LoadAsync();
            var shown = await stage.FollowAsync(await stage.FailAsync("RunNotFound", "peaks3feed runs --run ffffffff", "Get-S3FeedRun -Id ffffffff"), stage.Language == Language.Shell ? "runs" : "-Last");
            Assert.Contains("orders", shown.Text, StringComparison.Ordinal);
        }),
        new("A feed is not there, and has no runs", ["RunErrors.NoRunsOf: ShowRuns"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n");
            await stage.LoadAsync();
            await stage.FollowAsync(await stage.FailAsync("FeedNotFound", "peaks3feed runs ordres", "Get-S3FeedRun -FeedName ordres"), stage.Language == Language.Shell ? "runs" : "-Last");
        }),
        new("A reset is not confirmed", ["WorkerErrors.NotConfirmed: ResetConfirmed"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n");
            await stage.LoadAsync();
            await stage.FollowAsync(await stage.FailAsync("NotConfirmed", "peaks3feed reset orders --drop-table", ""), "reset");
            await stage.LoadAsync();
            stage.Holds("orders", "1");
        }) { Only = Language.Shell },
        new("A token is too short", ["WorkerErrors.TokenTooShort: Verbatim openssl rand -base64 32"], async stage =>
        {
            await stage.FeedAsync();
            stage.Variables["SHORT_TOKEN"] = "short";
            var made = await stage.FollowAsync(await stage.FailAsync("ServeTokenTooShort", "peaks3feed serve --urls http://localhost:0 --token env:SHORT_TOKEN", ""), "openssl");
            Assert.True(made.Text.Trim().Length > 40, made.Text);
        }) { Only = Language.Shell },
        new(
            "A service has no store",
            [
                "WorkerErrors.ServiceNeedsStore: Verbatim peaks3feed export > definitions.json", "WorkerErrors.ServiceNeedsStore: Verbatim peaks3feed --store /var/lib/peaks3feed import definitions.json",
                "WorkerErrors.ServiceNeedsStore: Verbatim peaks3feed --store /var/lib/peaks3feed service print",
            ],
            async stage =>
            {
                await stage.FeedAsync();
                await stage.DoAsync($"peaks3feed export > {stage.Root}/own.json", "");
                stage.Variables["PEAKS3FEED_HOME"] = null;
                stage.Variables["HOME"] = stage.Variables["PWD"] = stage.Root;
                await stage.DoAsync("peaks3feed import own.json", "");
                var refused = await stage.FailAsync("ServiceNeedsStore", "peaks3feed service print", "");
                await stage.FollowAsync(refused, "export");
                // The folder is an example; a test has one of its own.
                await stage.FollowAsync(refused, "import", "/var/lib/peaks3feed", $"{stage.Root}/service");
                var printed = await stage.FollowAsync(refused, "service print", "/var/lib/peaks3feed", $"{stage.Root}/service");
                Assert.Contains($"{stage.Root}/service", printed.Text, StringComparison.Ordinal);
                stage.Variables["PEAKS3FEED_HOME"] = $"{stage.Root}/service";
                stage.Put("in/a.csv", "id\n1\n");
                await stage.LoadAsync();
            }) { Only = Language.Shell },
    ];

    private static async Task<Answer> BrokenAsync(Stage stage)
    {
        await File.WriteAllTextAsync(await DefinitionsAsync(stage), "{ broken");
        return await stage.RunFailsAsync("StoreUnreadable");
    }

    // A store with a feed that was changed once, so that there is a backup.
    private static async Task<string> DefinitionsAsync(Stage stage)
    {
        if (!File.Exists(Path.Combine(stage.Store, "definitions.json")))
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n2\n");
            await stage.SetAsync("tags=a", "-Tag a");
        }
        return Path.Combine(stage.Store, "definitions.json");
    }
}
