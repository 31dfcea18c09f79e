using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Sending;

namespace PeakS3Feed.Tests.Watchers;

public class MailTests
{
    [Fact]
    public void Nothing_in_a_message_becomes_a_header()
    {
        using var mail = Mail.Create(Watcher, Guid.NewGuid(), Message("Feed a failed: x\r\nBcc: victim@example.com\r\n\r\nbody"));
        var text = Written(mail).ReplaceLineEndings("\n");
        Assert.DoesNotContain("\nBcc:", text[..text.IndexOf("\n\n", StringComparison.Ordinal)], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["ops@example.com"], mail.To.Mailboxes.Select(m => m.Address));
        Assert.Equal("Feed a failed: x Bcc: victim@example.com body", mail.Subject);
    }

    [Fact]
    public void A_message_is_the_same_whenever_it_is_sent_and_says_that_no_person_wrote_it()
    {
        var id = Guid.NewGuid();
        using var first = Mail.Create(Watcher, id, Message("é"));
        using var second = Mail.Create(Watcher, id, Message("é"));
        Assert.Equal($"{id:D}@acme.example", first.MessageId);
        Assert.Equal(Written(first), Written(second));
        Assert.Contains("Auto-Submitted: auto-generated", Written(first), StringComparison.Ordinal);
        Assert.Contains("charset=utf-8", Written(first), StringComparison.Ordinal);
    }

    private static S3FeedWatcher Watcher { get; } = new()
    {
        Name = "ops", FeedName = "orders", Kind = WatcherKind.Email, From = "feeds@acme.example", To = ["ops@example.com"], SmtpHost = "localhost", Events = [WatcherEvent.RunFailed],
    };

    private static WatcherMessage Message(string summary)
        => new() { Event = "RunFailed", Watcher = "ops", Feed = "orders", At = WatcherHarness.Start, Summary = summary, Text = summary };

    private static string Written(MimeKit.MimeMessage mail)
    {
        using var stream = new MemoryStream();
        mail.WriteTo(stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
