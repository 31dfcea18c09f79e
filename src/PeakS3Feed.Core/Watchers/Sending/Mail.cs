using MimeKit;
using MimeKit.Text;

namespace PeakS3Feed.Watchers.Sending;

/// <summary>Messages as emails.</summary>
internal static class Mail
{
    // What is longer is cut in lists of mail anyway, and the text says it in full.
    private const int LongestSubject = 200;

    /// <summary>The email of a message: plain text, with an id that stays the same however often it is sent.</summary>
    public static MimeMessage Create(S3FeedWatcher watcher, Guid id, WatcherMessage message)
    {
        var mail = new MimeMessage
        {
            MessageId = $"{id:D}@{watcher.From![(watcher.From!.LastIndexOf('@') + 1)..]}",
            Date = message.At,
            Subject = Subject(message.Summary),
            Body = new TextPart(TextFormat.Plain) { Text = message.Text },
        };
        mail.From.Add(new MailboxAddress("PeakS3Feed", watcher.From));
        mail.To.AddRange(watcher.To.Select(to => new MailboxAddress(null, to)));
        // So that nobody's absence is answered to a program.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Headers.Add("X-Auto-Response-Suppress", "All");
        return mail;
    }

    private static string Subject(string summary)
    {
        var line = SingleLine.From(summary);
        return line.Length <= LongestSubject ? line : line[..LongestSubject] + "…";
    }
}
