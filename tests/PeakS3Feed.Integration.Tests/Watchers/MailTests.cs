using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;
using PeakS3Feed.Testing;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Sending;

namespace PeakS3Feed.Integration.Watchers;

[Trait(Category.Name, Category.Server)]
public class MailTests
{
    [SkippableTheory]
    [InlineData("starttls", SmtpSecurity.StartTls)]
    [InlineData("tls", SmtpSecurity.Tls)]
    public async Task An_email_arrives_over_TLS_with_a_login(string mode, SmtpSecurity security)
    {
        using var server = SmtpServer.Start(mode);
        using var sender = NewSender(server, trusted: true);
        var id = Guid.NewGuid();
        await sender.SendAsync(Watcher(server, security), id, Message("Feed orders failed: Zürich"), default);
        var mail = Assert.Single(server.Messages);
        Assert.Equal(("Feed orders failed: Zürich", $"{id:D}@acme.example"), (mail.Subject, mail.MessageId));
        Assert.Equal(["ops@example.com", "boss@example.com"], mail.To.Mailboxes.Select(m => m.Address));
        Assert.Equal("Feed orders failed: Zürich\nline two", mail.TextBody!.ReplaceLineEndings("\n").TrimEnd());
    }

    [SkippableTheory]
    [InlineData("starttls", SmtpSecurity.StartTls)]
    [InlineData("tls", SmtpSecurity.Tls)]
    public async Task A_certificate_that_nobody_vouches_for_is_refused(string mode, SmtpSecurity security)
    {
        using var server = SmtpServer.Start(mode);
        using var sender = NewSender(server, trusted: false);
        var e = await FailsAsync(sender, Watcher(server, security));
        Assert.Contains("certificate may not be trusted", e.Message, StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    [SkippableFact]
    public async Task Where_no_STARTTLS_is_offered_nothing_is_sent()
    {
        using var server = SmtpServer.Start("plain");
        using var sender = NewSender(server, trusted: true);
        var e = await FailsAsync(sender, Watcher(server, SmtpSecurity.StartTls) with { Username = null, Password = null });
        Assert.Contains("it does not support STARTTLS", e.Message, StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    [SkippableFact]
    public async Task A_server_on_this_machine_may_do_without_any_of_it()
    {
        using var server = SmtpServer.Start("plain");
        using var sender = NewSender(server, trusted: false);
        await sender.SendAsync(Watcher(server, SmtpSecurity.None) with { Username = null, Password = null }, Guid.NewGuid(), Message("x"), default);
        Assert.Single(server.Messages);
    }

    [SkippableFact]
    public async Task A_login_that_is_refused_is_said_without_the_password()
    {
        using var server = SmtpServer.Start("starttls");
        using var sender = NewSender(server, trusted: true, password: "wrong-one");
        var e = await FailsAsync(sender, Watcher(server, SmtpSecurity.StartTls));
        Assert.Contains("it refused the user or the password", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-one", e.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    [SkippableFact]
    public async Task A_server_that_wants_a_login_is_said()
    {
        using var server = SmtpServer.Start("starttls");
        using var sender = NewSender(server, trusted: true);
        var e = await FailsAsync(sender, Watcher(server, SmtpSecurity.StartTls) with { Username = null, Password = null });
        Assert.Contains("it requires a login. Give the watcher Username and Password", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_server_that_is_down_is_said()
    {
        var server = SmtpServer.Start("plain");
        using var sender = NewSender(server, trusted: false);
        var watcher = Watcher(server, SmtpSecurity.Tls);
        server.Dispose();
        var e = await FailsAsync(sender, watcher);
        Assert.StartsWith($"The mail server localhost:{watcher.SmtpPort} did not accept the message: ", e.Message, StringComparison.Ordinal);
    }

    private static async Task<FeedException> FailsAsync(WatcherSender sender, S3FeedWatcher watcher)
    {
        var e = await Assert.ThrowsAsync<FeedException>(() => sender.SendAsync(watcher, Guid.NewGuid(), Message("x"), default));
        Assert.Equal("WatcherMailFailed", e.Id);
        return e;
    }

    private static WatcherSender NewSender(SmtpServer server, bool trusted, string password = "right")
    {
        var secrets = new SecretResolver(_ => password);
        return new(secrets, TimeProvider.System, new MailSender(secrets, trusted ? server.Trusts : null));
    }

    private static S3FeedWatcher Watcher(SmtpServer server, SmtpSecurity security) => new()
    {
        Name = "ops", FeedName = "orders", Kind = WatcherKind.Email, Events = [WatcherEvent.RunFailed], From = "feeds@acme.example", To = ["ops@example.com", "boss@example.com"],
        SmtpHost = "localhost", SmtpPort = server.Port, Security = security, Username = "feeds", Password = "env:MAIL_PASSWORD",
    };

    private static WatcherMessage Message(string summary)
        => new() { Event = "RunFailed", Watcher = "ops", Feed = "orders", At = DateTimeOffset.UtcNow, Summary = summary, Text = summary + "\nline two\n" };
}
