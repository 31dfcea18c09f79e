using PeakS3Feed.Integration.EndToEnd;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>What only PostgreSQL suggests.</summary>
internal static class ServerScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("The feed is loaded by a run of another store", ["CommitErrors.AlreadyRunning: Run"], async stage =>
        {
            await using var schema = await PostgresSchema.CreateAsync();
            await using var s3 = await FakeS3.StartAsync();
            s3.Put("acme", "in/a.csv", "id\n1\n2\n"u8.ToArray());
            var destination = schema.Destination("dwh");
            stage.Variables["AWS_ACCESS_KEY_ID"] = "AKIAFAKE";
            stage.Variables["AWS_SECRET_ACCESS_KEY"] = "hushhush";
            stage.Variables["PEAKS3FEED_TEST_PASSWORD"] = schema.Password;
            await stage.ImportDocumentAsync(
                $$"""
                { "connections": [ { "name": "lake", "bucketName": "acme", "region": "eu-west-1", "endpointUrl": "{{s3.Url}}", "forcePathStyle": true } ],
                  "destinations": [ { "name": "dwh", "kind": "PostgreSql", "host": "{{destination.Host}}", "port": {{destination.Port}}, "database": "{{destination.Database}}", "username": "{{destination.Username}}",
                    "password": "{{destination.Password}}", "rootCertificate": "{{destination.RootCertificate}}", "schema": "{{schema.Name}}" } ],
                  "feeds": [ {{Stage.Feed("orders", more: "\"destinationNames\": [\"dwh\"]")}} ] }
                """);
            await stage.LoadAsync();
            s3.Put("acme", "in/b.csv", "id\n3\n"u8.ToArray());
            using var gate = new ManualResetEventSlim();
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            s3.Faults.Enqueue(new() { Then = () => { reached.TrySetResult(); gate.Wait(TestLimits.Hang); } }, FakeOperation.Get, 1, r => r.Key == "in/b.csv");
            var other = Path.Combine(stage.Root, "other");
            var slow = stage.TypeAsideAsync($"peaks3feed export > {stage.Root}/definitions && peaks3feed --store {other} import {stage.Root}/definitions && peaks3feed --store {other} run orders");
            await reached.Task.WaitAsync(TestLimits.Hang);
            var refused = await stage.RunFailsAsync("FeedAlreadyRunning");
            gate.Set();
            Assert.True((await slow).Succeeded, (await slow).Text);
            await stage.FollowAsync(refused, stage.Language == Language.Shell ? "run" : "Invoke-S3Feed");
            Assert.Equal(["1", "2", "3"], await schema.QueryAsync("SELECT id FROM orders ORDER BY id"));
        }),
    ];
}
