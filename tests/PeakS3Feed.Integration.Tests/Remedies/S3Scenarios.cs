using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>What S3 suggests that refuses us. The server is one in memory, which refuses on demand.</summary>
internal static class S3Scenarios
{
    private const int Always = int.MaxValue;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("The bucket is in another region", ["AccessDiagnosis.WrongRegion: SetConnection WrongRegion Region", "EngineErrors.ConnectionTestFailed: TestConnection"], s => OnS3Async(s, "", async s3 =>
        {
            s3.Faults.Enqueue(Fault.PermanentRedirect("eu-central-1"), FakeOperation.List, Always, r => r.Header("Authorization")!.Contains("/eu-west-1/", StringComparison.Ordinal));
            var refused = await s.RunFailsAsync("ConnectionTestFailed");
            await s.FollowAsync(refused, "eu-central-1");
            await s.FollowAsync(refused, s.Test);
            await LoadsAsync(s);
        })),
        new("Listing is denied", ["AccessAttempt.get_ShowPolicy: ShowPolicy", "ConnectionErrors.Failed: TestConnection"], s => OnS3Async(s, "", async s3 =>
        {
            await s.RunAsync();
            s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.List, Always);
            var refused = await s.RunFailsAsync("ListDenied");
            await s.FollowAsync(refused, "policy");
            s3.Faults.Clear();
            await s.FollowAsync(refused, s.Test);
            await LoadsAsync(s);
        })),
        new("A key of KMS is not the connection's", ["AccessDiagnosis.ExplainKmsDenial: SetConnection KmsKeyArn"], s => OnS3Async(s, "", async s3 =>
        {
            s3.Faults.Enqueue(AwsRefusals.NotAuthorizedByS3("kms:Decrypt", AwsRefusals.Key, "because no identity-based policy allows the kms:Decrypt action"), FakeOperation.Get, Always);
            await s.FollowAsync(await s.RunFailsAsync("ConnectionTestFailed"), "kmsKeyArn");
            s3.Faults.Clear();
            await LoadsAsync(s);
        })),
        new("One object may not be read", ["SourceErrors.Denied: TestConnection"], s => OnS3Async(s, "", async s3 =>
        {
            await s.RunAsync();
            s3.Put("acme", "in/b.csv", "id\n3\n"u8.ToArray());
            s3.Put("acme", "in/c.csv", "id\n4\n"u8.ToArray());
            s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get, Always, r => r.Key == "in/c.csv");
            var refused = await s.RunFailsAsync("ObjectAccessDenied");
            s3.Faults.Clear();
            await s.FollowAsync(refused, s.Test);
            await LoadsAsync(s, "3", "4");
        })),
        new("No object may be read", ["SourceErrors.AllDenied: TestConnection"], s => OnS3Async(s, "", async s3 =>
        {
            await s.RunAsync();
            s3.Put("acme", "in/b.csv", "id\n3\n"u8.ToArray());
            s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get, Always);
            var refused = await s.RunFailsAsync("ReadDenied");
            s3.Faults.Clear();
            await s.FollowAsync(refused, s.Test);
            await LoadsAsync(s, "3");
        })),
        new("There are no credentials, and the bucket is public", ["ConnectionErrors.CredentialsMissing: SetConnection Anonymous true"], s => OnS3Async(s, "", async _ =>
        {
            Forget(s);
            await s.FollowAsync(await s.RunFailsAsync("ConnectionTestFailed"), "anonymous");
            await LoadsAsync(s);
        })),
        new("There are no credentials, and a profile has some", ["ConnectionErrors.CredentialsMissing: SetConnection ProfileName <PROFILE>"], s => OnS3Async(s, "", async _ =>
        {
            Forget(s);
            Profiles(s, "work");
            await s.FollowAsync(await s.RunFailsAsync("ConnectionTestFailed"), "profileName", "<PROFILE>", "work");
            await LoadsAsync(s);
        })),
        new("A profile is not there", ["ConnectionErrors.ProfileNotFound: SetConnection ProfileName default"], s => OnS3Async(s, ", \"profileName\": \"wrok\"", async _ =>
        {
            Forget(s);
            Profiles(s, "default");
            await s.FollowAsync(await s.RunFailsAsync("ConnectionTestFailed"), "profileName");
            await LoadsAsync(s);
        })),
        new("A policy needs to know who we are", ["PolicyOwner.Show: ShowPolicy"], s => OnS3Async(s, "", async s3 =>
        {
            s3.Faults.Enqueue(AwsRefusals.UnknownToken, FakeOperation.GetCallerIdentity, Always);
            var refused = await s.FailAsync("PrincipalUnknown", "peaks3feed policy lake", "Get-S3FeedPolicy -Name lake");
            var made = await s.FollowAsync(refused, "principal", "<ARN>", AwsRefusals.User);
            Assert.Contains(AwsRefusals.User, made.Text, StringComparison.Ordinal);
        })),
        new("A policy cannot name the root of an account", ["PolicyOwner.Show: ShowPolicy"], s => OnS3Async(s, "", async s3 =>
        {
            s3.Sts.Caller = "arn:aws:iam::111122223333:root";
            var refused = await s.FailAsync("PrincipalUnusable", "peaks3feed policy lake", "Get-S3FeedPolicy -Name lake");
            var made = await s.FollowAsync(refused, "principal", "<ARN>", AwsRefusals.User);
            Assert.Contains(AwsRefusals.User, made.Text, StringComparison.Ordinal);
        })),
        new("A policy of staging cannot name the root of an account", ["PolicyOwner.Show: DestinationPolicy"], s => OnS3Async(s, "", async s3 =>
        {
            await AddWarehouseAsync(s, s3);
            s3.Sts.Caller = "arn:aws:iam::111122223333:root";
            var refused = await s.FailAsync("PrincipalUnusable", "peaks3feed policy dwh --for Staging", "Get-S3FeedPolicy -Name dwh -For Staging");
            var made = await s.FollowAsync(refused, "principal", "<ARN>", AwsRefusals.User);
            Assert.Contains(AwsRefusals.User, made.Text, StringComparison.Ordinal);
            Assert.Contains("s3:PutObject", made.Text, StringComparison.Ordinal);
        })),
        new("A policy of a destination needs its purpose", ["EngineErrors.PurposeMissing: DestinationPolicy"], s => OnS3Async(s, "", async s3 =>
        {
            await AddWarehouseAsync(s, s3);
            foreach (var (purpose, has) in new[] { ("Staging", "s3:PutObject"), ("Copy", "redshift.amazonaws.com"), ("DataApi", "redshift-data:ExecuteStatement") })
            {
                var refused = await s.FailAsync("PolicyPurposeUnclear", "peaks3feed policy dwh", "Get-S3FeedPolicy -Name dwh");
                Assert.Contains(has, (await s.FollowAsync(refused, purpose)).Text, StringComparison.Ordinal);
            }
        })),
        new("A set-up is wanted for a destination that needs none", ["EngineErrors.SetupNotNeeded: DestinationPolicy", "EngineErrors.SetupNotNeeded: TestDestination"], s => OnS3Async(s, "", async s3 =>
        {
            await AddWarehouseAsync(s, s3);
            var refused = await s.FailAsync("SetupNotNeeded", "peaks3feed setup dwh", "Get-S3FeedSetup -Name dwh");
            Assert.Contains("redshift.amazonaws.com", (await s.FollowAsync(refused, "Copy")).Text, StringComparison.Ordinal);
            var local = await s.FailAsync("SetupNotNeeded", "peaks3feed setup local", "Get-S3FeedSetup -Name local");
            await s.FollowAsync(local, "test");
        })),
        new("A policy of destinations is wanted for a connection", ["EngineErrors.PurposeNeedsDestination: DestinationPolicy", "EngineErrors.PurposeNeedsDestination: ShowPolicy"], s => OnS3Async(s, "", async s3 =>
        {
            await AddWarehouseAsync(s, s3);
            var refused = await s.FailAsync("PolicyPurposeUnclear", "peaks3feed policy lake --for Copy", "Get-S3FeedPolicy -Name lake -For Copy");
            Assert.Contains("redshift.amazonaws.com", (await s.FollowAsync(refused, "dwh")).Text, StringComparison.Ordinal);
            Assert.Contains("sts:AssumeRole", (await s.FollowAsync(refused, "lake")).Text, StringComparison.Ordinal);
        })),
        new("A TruncateInsert needs an archived object", ["FeedRunErrors.ArchivedInReplace: SetFeed <PATTERN> Exclude"], s => OnS3Async(s, "", async s3 =>
        {
            await s.SetAsync("loadType=TruncateInsert exclude=*.tmp.csv", "-LoadType TruncateInsert -Exclude *.tmp.csv");
            s3.Put("acme", "in/b.tmp.csv", "id\n8\n"u8.ToArray());
            s3.Put("acme", FakeObject.Create("in/old [1], it's.csv", "id\n9\n"u8.ToArray()) with { StorageClass = "GLACIER" });
            await s.FollowAsync(await s.RunFailsAsync("ObjectArchived"), "exclude");
            await LoadsAsync(s);
            s3.Put("acme", FakeObject.Create("in/deep/1.csv", "id\n9\n"u8.ToArray()) with { StorageClass = "GLACIER" });
            s3.Put("acme", FakeObject.Create("in/deep/2.csv", "id\n9\n"u8.ToArray()) with { StorageClass = "GLACIER" });
            await s.FollowAsync(await s.RunFailsAsync("ObjectArchived"), "exclude", "<PATTERN>", "deep/**");
            await LoadsAsync(s);
        })),
        new("The case of the connection's root path is another", ["SettingChanges.Command: SetConnection"], s => OnS3Async(s, "", async s3 =>
        {
            await s.ImportDocumentAsync(
                $$"""
                { "connections": [ { "name": "shop", "bucketName": "acme", "region": "eu-west-1", "endpointUrl": "{{s3.Url}}", "forcePathStyle": true, "rootPath": "IN/" } ],
                  "feeds": [ { "name": "sales", "connectionName": "shop", "fileType": "Csv" } ] }
                """);
            await s.FollowAsync(await s.RunAsync("sales"), "RootPath");
            await s.RunAsync("sales");
            s.Holds("sales", "1", "2");
        })),
        new("A policy is outdated", ["FeedCmdlet.WarnOfPolicy: ShowPolicy"], s => OnS3Async(s, "", async _ =>
        {
            await s.DoAsync("", "Get-S3FeedPolicy -Name lake");
            await s.FollowAsync(await s.DoAsync("", "Set-S3Connection -Name lake -RootPath in/"), "policy");
            await LoadsAsync(s);
        })) { Only = Language.PowerShell },
        new("A policy is outdated by the program", ["PolicyPrinter.PrintOutdated: ShowPolicy"], s => OnS3Async(s, "", async _ =>
        {
            await s.FollowAsync(await s.DoAsync("peaks3feed set lake rootPath=in/", ""), "policy");
            await LoadsAsync(s);
        })) { Only = Language.Shell },
        new("The folder of a bucket is gone", ["SourceErrors.FolderMissing: TestConnection"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n2\n");
            await stage.LoadAsync();
            Directory.Move(stage.Bucket, stage.Bucket + "-away");
            var refused = await stage.RunFailsAsync("FolderNotFound");
            Directory.Move(stage.Bucket + "-away", stage.Bucket);
            await stage.FollowAsync(refused, stage.Test);
            await LoadsAsync(stage);
        }),
        new("Another run is under way, and is stopped", ["RunErrors.FeedAlreadyRunning: StopRun", "FeedRunErrors.Canceled: Run"], s => OnS3Async(s, "", async s3 =>
        {
            await s.RunAsync();
            s3.Put("acme", "in/b.csv", "id\n3\n"u8.ToArray());
            s3.Faults.Enqueue(new() { Delay = TimeSpan.FromHours(1) }, FakeOperation.Get, Always);
            var slow = s.TypeAsideAsync("peaks3feed run orders");
            await s.RunningAsync();
            var refused = await s.RunFailsAsync("FeedAlreadyRunning");
            await s.FollowAsync(refused, "stop");
            var stopped = await slow;
            Assert.False(stopped.Succeeded);
            s3.Faults.Clear();
            if (s.Language == Language.Shell)
                await s.FollowAsync(stopped, "run");
            else
            {
                s3.Faults.Enqueue(new() { Delay = TimeSpan.FromHours(1) }, FakeOperation.Get, Always);
                var own = s.RunFailsAsync("RunCanceled");
                await s.TypeAsideAsync($"peaks3feed stop {await s.RunningAsync()}");
                var canceled = await own;
                s3.Faults.Clear();
                await s.FollowAsync(canceled, "Invoke-S3Feed");
            }
            await LoadsAsync(s, "3");
        })),
    ];

    // The bucket "acme" with two rows; the store's database holds them, too, once the feed has run.
    private static async Task OnS3Async(Stage stage, string connection, Func<FakeS3, Task> playAsync)
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.Put("acme", "in/a.csv", "id\n1\n2\n"u8.ToArray());
        UseKeys(stage);
        await stage.ImportDocumentAsync(
            $$"""
            { "connections": [ { "name": "lake", "bucketName": "acme", "region": "eu-west-1", "endpointUrl": "{{s3.Url}}", "forcePathStyle": true{{connection}} } ],
              "feeds": [ {{Stage.Feed("orders")}} ] }
            """);
        await File.WriteAllTextAsync(Credentials(stage), "");
        await playAsync(s3);
        File.Delete(Credentials(stage));
    }

    /// <summary>Gives the session keys of the server in memory.</summary>
    public static void UseKeys(Stage stage)
    {
        foreach (var (name, value) in new[]
        {
            ("AWS_ACCESS_KEY_ID", "AKIAFAKE"), ("AWS_SECRET_ACCESS_KEY", "hushhush"), ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_SHARED_CREDENTIALS_FILE", Credentials(stage)), ("AWS_CONFIG_FILE", Credentials(stage) + "-config"),
        })
        {
            stage.Variables[name] = value;
        }
    }

    // A Redshift destination that stages through the connection "lake".
    private static Task AddWarehouseAsync(Stage stage, FakeS3 s3) => stage.ImportDocumentAsync(
        $$"""
        { "connections": [ { "name": "lake", "bucketName": "acme", "region": "eu-west-1", "endpointUrl": "{{s3.Url}}", "forcePathStyle": true } ],
          "destinations": [ { "kind": "Redshift", "name": "dwh", "workgroupName": "sales-wg", "region": "eu-west-1", "database": "dev", "stagingConnection": "lake" } ] }
        """);

    private static async Task LoadsAsync(Stage stage, params string[] more)
    {
        await stage.LoadAsync();
        stage.Holds("orders", ["1", "2", .. more]);
    }

    // The SDK asks for its place once in a process. In a shell each command is a process, and the scenarios run beside each other.
    private static string Credentials(Stage stage)
        => stage.Language == Language.Shell
            ? Path.Combine(stage.Root, "credentials")
            : Path.Combine(Path.GetTempPath(), $"peaks3feed-remedies-{Environment.ProcessId}");

    private static void Forget(Stage stage)
    {
        stage.Variables["AWS_ACCESS_KEY_ID"] = null;
        stage.Variables["AWS_SECRET_ACCESS_KEY"] = null;
    }

    private static void Profiles(Stage stage, string name) => File.WriteAllText(Credentials(stage), $"[{name}]\naws_access_key_id = AKIAFAKE\naws_secret_access_key = hushhush\n");
}
