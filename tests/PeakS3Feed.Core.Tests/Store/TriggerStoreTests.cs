using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Tests.Store;

/// <summary>Triggers and watchers in the store: what comes back, what follows what, and what is refused.</summary>
public sealed class TriggerStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    // All that any kind has; only for writing and reading.
    private static readonly S3FeedTrigger Full = new()
    {
        Name = "full", FeedName = "orders", Kind = TriggerKind.Webhook, At = new(7, 30, 15), DaysOfWeek = [DayOfWeek.Monday, DayOfWeek.Sunday], Every = TimeSpan.FromMinutes(2),
        Cron = "0 15 10 ? * MON-FRI", OnceAt = new(2026, 12, 1, 9, 0, 0, TimeSpan.FromHours(1)), TimeZone = "Europe/Paris", Misfire = MisfireAction.Skip, Since = Now,
        WebhookId = "abc", SecretHash = "sha256:a:b", SigningKey = "env:KEY", Queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders", Enabled = false,
    };

    private static readonly S3FeedWatcher FullWatcher = new()
    {
        Name = "full", FeedName = "orders", Kind = WatcherKind.Webhook, Events = [WatcherEvent.RunsLong, WatcherEvent.NothingArrived], LongerThan = TimeSpan.FromMinutes(30),
        ArrivesBy = new(7, 0), ArrivesOn = [DayOfWeek.Monday], TimeZone = "Europe/Paris", To = ["a@example.org"], From = "b@example.org", SmtpHost = "mail.example.org", SmtpPort = 25,
        Security = SmtpSecurity.Tls, Username = "u", Password = "env:SMTP", Url = "https://example.org/x", SigningKey = "env:KEY", Since = Now, Enabled = false,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Now);
    private readonly FeedEngine _engine;

    public TriggerStoreTests() => _engine = new FeedEngine(StorePaths.Resolve(_folder.Path), new FeedEngineOptions { Time = _time });

    public static S3FeedTrigger Daily { get; } = new() { Name = "", FeedName = "Orders", Kind = TriggerKind.Daily, At = new(7, 0), TimeZone = "Europe/Paris" };

    public static S3FeedWatcher Mail { get; } = new()
    {
        Name = "mail", FeedName = "orders", Kind = WatcherKind.Email, Events = [WatcherEvent.RunFailed], To = ["a@example.org"], From = "b@example.org", SmtpHost = "mail.example.org",
    };

    [Fact]
    public async Task Every_property_comes_back()
    {
        Assert.Empty(AtDefault(Full, new S3FeedTrigger { Name = "", FeedName = "", Kind = default }));
        Assert.Empty(AtDefault(FullWatcher, new S3FeedWatcher { Name = "", FeedName = "", Kind = default }));
        await StartAsync();
        var written = await _engine.Store.UpdateAsync(d => d.With(Full).With(FullWatcher));
        var read = await _engine.Store.ReadAsync();
        Assert.Equal(JsonSerializer.Serialize(written.Triggers), JsonSerializer.Serialize(read.Triggers));
        Assert.Equal(JsonSerializer.Serialize(written.Watchers), JsonSerializer.Serialize(read.Watchers));
    }

    [Fact]
    public async Task A_trigger_is_named_after_its_feed_and_kind()
    {
        await StartAsync();
        var names = new List<string>();
        for (var i = 0; i < 3; i++)
            names.Add((await _engine.Definitions.AddAsync(Daily with { Id = Guid.NewGuid(), At = new TimeOnly(i, 0) })).Name);
        Assert.Equal(["orders_daily", "orders_daily_2", "orders_daily_3"], names);
        Assert.All((await _engine.Store.ReadAsync()).Triggers, t => Assert.Equal("orders", t.FeedName));
    }

    [Fact]
    public async Task A_trigger_of_the_same_settings_is_made_once()
    {
        await StartAsync();
        var first = await _engine.Definitions.AddAsync(Daily with { Id = Guid.NewGuid() });
        Assert.Equal(first.Id, (await _engine.Definitions.AddAsync(Daily with { Id = Guid.NewGuid() })).Id);
        Assert.Equal(first.Id, (await _engine.Definitions.AddAsync(Daily with { Id = Guid.NewGuid(), Name = "ORDERS_DAILY" })).Id);

        // One that somebody disabled since is not doubled by the script that made it.
        await _engine.Definitions.EditTriggerAsync("orders_daily", t => t with { Enabled = false });
        Assert.Equal(first.Id, (await _engine.Definitions.AddAsync(Daily with { Id = Guid.NewGuid() })).Id);
        Assert.Single((await _engine.Store.ReadAsync()).Triggers);

        // Under another name it is another one.
        Assert.NotEqual(first.Id, (await _engine.Definitions.AddAsync(Daily with { Id = Guid.NewGuid(), Name = "second" })).Id);
    }

    [Fact]
    public async Task A_webhook_is_made_once_whatever_its_secret()
    {
        await StartAsync();
        var hook = new S3FeedTrigger { Name = "", FeedName = "orders", Kind = TriggerKind.Webhook, SecretHash = WebhookSecret.Create().Hash };
        var first = await _engine.Definitions.AddAsync(hook);
        var again = await _engine.Definitions.AddAsync(hook with { Id = Guid.NewGuid(), SecretHash = WebhookSecret.Create().Hash });
        Assert.Equal((first.Id, first.SecretHash, first.WebhookId), (again.Id, again.SecretHash, again.WebhookId));
    }

    [Fact]
    public async Task A_name_with_other_settings_is_refused_with_the_command_that_changes_it()
    {
        await StartAsync();
        await _engine.Definitions.AddAsync(Daily with { Name = "night" });
        var error = await Assert.ThrowsAsync<FeedException>(
            () => _engine.Definitions.AddAsync(Daily with { Id = Guid.NewGuid(), Name = "night", Kind = TriggerKind.Weekly, At = new(22, 30), DaysOfWeek = [DayOfWeek.Monday, DayOfWeek.Friday] }));
        Assert.Equal("NameInUse", error.Id);
        Assert.Equal(new("Set-S3FeedTrigger -Name night -Weekly -At 22:30 -DaysOfWeek Monday, Friday -TimeZone Europe/Paris -Misfire RunOnce"), Assert.Single(error.Remedies));
    }

    [Fact]
    public async Task A_watcher_of_the_same_settings_is_made_once()
    {
        await StartAsync();
        var first = await _engine.Definitions.AddAsync(Mail with { Name = "" });
        Assert.Equal(first.Id, (await _engine.Definitions.AddAsync(Mail with { Id = Guid.NewGuid(), Name = "" })).Id);
        Assert.Equal(first.Id, (await _engine.Definitions.AddAsync(Mail with { Id = Guid.NewGuid(), Name = first.Name, FeedName = "ORDERS" })).Id);
        Assert.Single((await _engine.Store.ReadAsync()).Watchers);
        var error = await Assert.ThrowsAsync<FeedException>(() => _engine.Definitions.AddAsync(Mail with { Id = Guid.NewGuid(), Name = first.Name, To = ["b@example.org"] }));
        Assert.Equal(new($"Remove-S3FeedWatcher -Name {first.Name}"), Assert.Single(error.Remedies));
    }

    [Fact]
    public async Task A_dry_run_checks_and_writes_nothing()
    {
        await StartAsync();
        var before = File.ReadAllText(_engine.Paths.DefinitionsFile);
        Assert.Equal("orders_daily", (await _engine.Definitions.DryRun.AddAsync(Daily)).Name);
        await Assert.ThrowsAsync<FeedException>(() => _engine.Definitions.DryRun.AddAsync(Daily with { FeedName = "nobody" }));
        await Assert.ThrowsAsync<FeedException>(() => _engine.Definitions.DryRun.RemoveConnectionAsync("acme"));
        Assert.Equal(before, File.ReadAllText(_engine.Paths.DefinitionsFile));
    }

    [Fact]
    public async Task The_longest_name_of_a_feed_gives_a_name_that_may_be()
    {
        await StartAsync();
        await _engine.Definitions.AddAsync(new S3Feed { Name = "f" + new string('1', 49), ConnectionName = "acme" });
        for (var i = 0; i < 11; i++)
            Assert.Null(NameRules.Check((await _engine.Definitions.AddAsync(Daily with { Id = Guid.NewGuid(), FeedName = "f" + new string('1', 49) })).Name));
    }

    [Fact]
    public async Task They_go_with_their_feed()
    {
        await StartAsync();
        await _engine.Definitions.AddAsync(Daily);
        await _engine.Definitions.AddAsync(Mail);
        await _engine.Definitions.AddAsync(Mail with { Id = Guid.NewGuid(), Name = "all", FeedName = "*" });
        await _engine.Definitions.RenameFeedAsync("orders", "sales");
        var renamed = await _engine.Store.ReadAsync();
        Assert.Equal("sales", renamed.Triggers.Single().FeedName);
        Assert.Equal(["sales", "*"], renamed.Watchers.Select(w => w.FeedName));
        Assert.Equal(["orders_daily"], renamed.ForFeeds(renamed.Feeds, BuiltInDestinations.Kinds).Triggers.Select(t => t.Name));
        await _engine.RemoveFeedAsync("sales", dropTable: false, default);
        var removed = await _engine.Store.ReadAsync();
        Assert.Empty(removed.Triggers);
        Assert.Equal(["all"], removed.Watchers.Select(w => w.Name));
    }

    [Fact]
    public async Task What_changes_the_times_begins_anew_and_nothing_else_does()
    {
        await StartAsync();
        var made = await _engine.Definitions.AddAsync(Daily);
        Assert.Equal(Now, made.Since);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Now, (await _engine.Definitions.EditTriggerAsync(made.Name, t => t with { Misfire = MisfireAction.Skip })).Since);
        Assert.Equal(Now.AddHours(1), (await _engine.Definitions.EditTriggerAsync(made.Name, t => t with { At = new(8, 0) })).Since);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Now.AddHours(2), (await _engine.Definitions.EditTriggerAsync(made.Name, t => t with { Enabled = false })).Since);
    }

    [Fact]
    public async Task A_document_by_hand_is_imported()
    {
        await StartAsync();
        var report = await ImportAsync("""
            {"triggers": [
              {"name": "t1", "feedName": "ORDERS", "kind": "Weekly", "at": "12:00", "daysOfWeek": ["monday", "Tuesday"], "timeZone": "Europe/Paris"},
              {"name": "t2", "feedName": "orders", "kind": "webhook"},
              {"name": "t3", "feedName": "orders", "kind": "Every", "every": "00:02:00", "misfire": "Skip"}],
             "watchers": [{"name": "w", "feedName": "*", "kind": "Webhook", "events": ["RunFailed"], "url": "https://example.org/hook"}]}
            """);
        Assert.Equal(["trigger t1 Added", "trigger t2 Added", "trigger t3 Added", "watcher w Added"], report.Changes.Select(c => $"{c.Kind} {c.Name} {c.Outcome}"));
        var triggers = (await _engine.Store.ReadAsync()).Triggers;
        Assert.Equal("orders", triggers[0].FeedName);
        Assert.All(triggers, t => Assert.NotNull(t.Since));
        Assert.True(WebhookSecret.IsId(triggers[1].WebhookId!));
        Assert.Null(triggers[1].SecretHash);
    }

    [Fact]
    public async Task An_export_is_imported_as_it_is_and_keeps_a_webhooks_url_and_secret()
    {
        await StartAsync();
        await _engine.Definitions.AddAsync(Daily);
        await _engine.Definitions.AddAsync(new S3FeedTrigger { Name = "hook", FeedName = "orders", Kind = TriggerKind.Webhook, SecretHash = WebhookSecret.Create().Hash });
        await _engine.Definitions.AddAsync(Mail);
        var definitions = await _engine.Store.ReadAsync();
        var export = DefinitionExport.Write(definitions);
        Assert.All(DefinitionImport.Read(export, definitions).Changes, c => Assert.Equal(ImportOutcome.Unchanged, c.Outcome));
        var elsewhere = DefinitionImport.Read(export, StoreDefinitions.Empty).Definitions;
        Assert.Equal(definitions.FindTrigger("hook")! with { Since = null }, elsewhere.FindTrigger("hook")! with { Since = null, DaysOfWeek = definitions.FindTrigger("hook")!.DaysOfWeek });
        // Left out, they stay.
        var without = (await ImportAsync("""{"triggers": [{"name": "hook", "feedName": "orders", "kind": "Webhook"}]}""")).Definitions.FindTrigger("hook")!;
        Assert.Equal((definitions.FindTrigger("hook")!.WebhookId, definitions.FindTrigger("hook")!.SecretHash), (without.WebhookId, without.SecretHash));
    }

    [Theory]
    [InlineData("""{"triggers": [{"name": "t", "feedName": "orders"}]}""", "$.triggers[0].kind", "kind is missing")]
    [InlineData("""{"triggers": [{"name": "t", "feedName": "orders", "kind": "Hourly"}]}""", "$.triggers[0].kind", "must be Daily, Weekly")]
    [InlineData("""{"triggers": [{"name": "t", "feedName": "orders", "kind": "Daily", "at": "7"}]}""", "$.triggers[0].at", "a time of day such as \"07:00\"")]
    [InlineData("""{"triggers": [{"name": "t", "feedName": "orders", "kind": "Daily"}]}""", "$.triggers[0].at", "needs At")]
    [InlineData("""{"triggers": [{"name": "t", "feedName": "orders", "kind": "Daily", "at": "07:00", "cron": "* * * * *"}]}""", "$.triggers[0].cron", "has no Cron")]
    [InlineData("""{"triggers": [{"name": "t", "feedName": "orders", "kind": "Cron", "cron": "0 0 99 * * ?"}]}""", "$.triggers[0].cron", "hours (field 3)")]
    [InlineData("""{"triggers": [{"name": "t", "feedName": "order", "kind": "Every", "every": "00:02:00"}]}""", "$.triggers[0].feedName", "There is no feed \"order\"")]
    [InlineData("""{"triggers": [{"name": "t", "feedName": "orders", "kind": "Once", "onceAt": "soon"}]}""", "$.triggers[0].onceAt", "an instant such as")]
    [InlineData("""{"watchers": [{"name": "w", "feedName": "orders", "kind": "Email", "events": ["RunFailed"], "from": "a@example.org", "smtpHost": "h"}]}""", "$.watchers[0].to", "To is missing")]
    [InlineData("""{"watchers": [{"name": "w", "feedName": "orders", "kind": "Webhook", "events": ["RunFails"], "url": "https://example.org"}]}""", "$.watchers[0].events[0]", "must be RunFailed")]
    public async Task What_is_wrong_with_a_document_is_named_with_its_place(string json, string path, string says)
    {
        await StartAsync();
        var problem = Assert.Single(DefinitionImport.Read(Encoding.UTF8.GetBytes(json), await _engine.Store.ReadAsync()).Problems);
        Assert.Equal((path, 1), (problem.Path, problem.Line));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_hold_together_is_not_written()
    {
        await StartAsync();
        var made = await _engine.Definitions.AddAsync(Daily);
        await _engine.Definitions.AddAsync(Mail);
        await RefusedAsync("NameInUse", d => d.With(made with { Id = Guid.NewGuid(), Name = "ORDERS_DAILY" }));
        await RefusedAsync("TriggerIdInUse", d => d with { Triggers = [made, made with { Name = "other" }] });
        await RefusedAsync("FeedNotFound", d => d.With(made with { FeedName = "nobody" }));
        await RefusedAsync("SecretReferenceInvalid", d => d.With(made with { SigningKey = "hunter2" }));
        await RefusedAsync("NameInUse", d => d.With(Mail with { Id = Guid.NewGuid(), Name = "Mail" }));
        await RefusedAsync("FeedNotFound", d => d.With(Mail with { FeedName = "nobody" }));
        await RefusedAsync("SecretReferenceInvalid", d => d.With(Mail with { Password = "hunter2" }));
        var hook = new S3FeedTrigger { Name = "hook", FeedName = "orders", Kind = TriggerKind.Webhook, WebhookId = WebhookSecret.NewId() };
        await RefusedAsync("TriggerIdInUse", d => d.With(hook).With(hook with { Id = Guid.NewGuid(), Name = "hook2" }));
    }

    [Fact]
    public async Task Members_that_a_later_version_added_survive()
    {
        await StartAsync();
        await _engine.Definitions.AddAsync(Daily);
        await _engine.Definitions.AddAsync(Mail);
        var file = _engine.Paths.DefinitionsFile;
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"kind\": ", "\"mood\": \"good\", \"kind\": ", StringComparison.Ordinal));
        await _engine.Definitions.EditTriggerAsync("orders_daily", t => t with { Misfire = MisfireAction.Skip });
        Assert.Equal(3, (await File.ReadAllTextAsync(file)).Split("\"mood\"").Length);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> AtDefault<T>(T sample, T standard) => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.CanWrite && p.Name != "Kind" && Equals(p.GetValue(sample), p.GetValue(standard))).Select(p => p.Name);

    private async Task StartAsync()
    {
        await _engine.Definitions.AddAsync(new S3Connection { Name = "acme", BucketName = "acme", EndpointUrl = new Uri(_folder.Path).AbsoluteUri });
        await _engine.Definitions.AddAsync(new S3Feed { Name = "orders", ConnectionName = "acme" });
    }

    private Task<ImportReport> ImportAsync(string json) => DefinitionImport.ApplyAsync(_engine.Store, Encoding.UTF8.GetBytes(json), "test");

    private async Task RefusedAsync(string id, Func<StoreDefinitions, StoreDefinitions> update)
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => _engine.Store.UpdateAsync(update));
        Assert.Equal(id, error.Id);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }
}
