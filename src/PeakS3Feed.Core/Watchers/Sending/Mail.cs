using MimeKit;
using MimeKit.Text;

namespace PeakS3Feed.Watchers.Sending;

/// <summary>Converts messages to emails.</summary>
internal static class Mail
{
    // Mail clients cut longer subjects, and the text has the whole sentence.
    private const int MaxSubjectCharacters = 200;

    /// <summary>Creates the email of a message: plain text, with an id that is the same for every attempt.</summary>
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
        // Prevents automatic replies.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Headers.Add("X-Auto-Response-Suppress", "All");
        return mail;
    }

    private static string Subject(string summary)
    {
        var line = SingleLine.From(summary);
        return line.Length <= MaxSubjectCharacters ? line : line[..MaxSubjectCharacters] + "…";
    }
}
