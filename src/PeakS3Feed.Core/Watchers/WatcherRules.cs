using System.Diagnostics.CodeAnalysis;
using System.Net.Mail;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Watchers;

/// <summary>The rules for definitions of watchers.</summary>
public static class WatcherRules
{
    /// <summary>Checks a watcher.</summary>
    /// <returns>All problems; empty if the definition is valid.</returns>
    public static IReadOnlyList<DefinitionProblem> Check(S3FeedWatcher watcher)
    {
        ArgumentNullException.ThrowIfNull(watcher);
        var problems = new List<DefinitionProblem>();
        if (NameRules.Check(watcher.Name, nameof(watcher.Name)) is { } name)
            problems.Add(name);
        if (string.IsNullOrWhiteSpace(watcher.FeedName))
            problems.Add(new(nameof(watcher.FeedName), "The watcher names no feed.", "Name one, or * for all."));
        if (watcher.Id == Guid.Empty)
            problems.Add(new(nameof(watcher.Id), "The id is empty."));
        problems.AddRange(EventProblems(watcher));
        problems.AddRange(watcher.Kind == WatcherKind.Email ? EmailProblems(watcher) : WebhookProblems(watcher));
        problems.AddRange(Foreign(watcher));
        return problems;
    }

    /// <summary>Throws if the watcher is not valid.</summary>
    /// <exception cref="FeedException"><c>WatcherInvalid</c>, with the first problem and the number of the others.</exception>
    public static void ThrowIfInvalid(S3FeedWatcher watcher)
    {
        if (Check(watcher) is { Count: > 0 } problems)
            throw DefinitionErrors.Invalid("Watcher", watcher.Name, problems);
    }

    private static IEnumerable<DefinitionProblem> EventProblems(S3FeedWatcher watcher)
    {
        if (watcher.Events.Count == 0)
            yield return new(
                nameof(watcher.Events), "The watcher has no events.", $"Name one or more of {string.Join(", ", Enum.GetNames<WatcherEvent>())}.");
        if (watcher.Events.Distinct().Count() < watcher.Events.Count)
            yield return new(nameof(watcher.Events), "Events contains a duplicate.");
        if (watcher.Events.Contains(WatcherEvent.RunsLong) != watcher.LongerThan is not null)
            yield return new(
                nameof(watcher.LongerThan), "RunsLong and LongerThan require each other.",
                "Give the longest duration of a run, for example 00:30:00.");
        if (watcher.LongerThan is { } limit && (limit < TimeSpan.FromMinutes(1) || limit > TimeSpan.FromDays(30)))
            yield return new(
                nameof(watcher.LongerThan), $"LongerThan {limit} is not between a minute and 30 days.",
                "Write 00:30:00 for half an hour. A number alone means ten-millionths of a second.");
        if (watcher.Events.Contains(WatcherEvent.NothingArrived) != watcher.ArrivesBy is not null)
            yield return new(
                nameof(watcher.ArrivesBy), "NothingArrived and ArrivesBy require each other.",
                "Give the time by which a new object must arrive, for example 07:00.");
        if (watcher.ArrivesBy is null && watcher.ArrivesOn.Count > 0)
            yield return new(nameof(watcher.ArrivesOn), "ArrivesOn requires NothingArrived.");
        if (watcher.ArrivesBy is null && watcher.TimeZone is not null)
            yield return new(nameof(watcher.TimeZone), "TimeZone requires NothingArrived.");
        if (watcher.ArrivesOn.Distinct().Count() < watcher.ArrivesOn.Count)
            yield return new(nameof(watcher.ArrivesOn), "ArrivesOn contains a duplicate.");
        if (!TriggerTimeZone.TryFind(watcher.TimeZone, out _))
            yield return new(nameof(watcher.TimeZone), TriggerErrors.NoZone(watcher.TimeZone!), TriggerErrors.ZoneHint);
    }

    private static IEnumerable<DefinitionProblem> EmailProblems(S3FeedWatcher watcher)
    {
        if (watcher.To.Count == 0)
            yield return new(nameof(watcher.To), "To is missing: an email needs a receiver.");
        foreach (var address in watcher.To.Where(a => !IsAddress(a)))
            yield return new(nameof(watcher.To), $"\"{address}\" is not an email address.");
        if (watcher.From is null || !IsAddress(watcher.From))
            yield return new(
                nameof(watcher.From),
                watcher.From is null ? "From is missing: an email needs a sender." : $"\"{watcher.From}\" is not an email address.");
        if (string.IsNullOrWhiteSpace(watcher.SmtpHost) || Uri.CheckHostName(watcher.SmtpHost) == UriHostNameType.Unknown)
            yield return new(nameof(watcher.SmtpHost), string.IsNullOrWhiteSpace(watcher.SmtpHost)
                ? "SmtpHost is missing: an email needs a mail server."
                : $"\"{watcher.SmtpHost}\" is not a host name or address.");
        if (watcher.SmtpPort is < 0 or > 65535)
            yield return new(nameof(watcher.SmtpPort), $"{watcher.SmtpPort} is not a port. Ports are 1 to 65535.");
        if (watcher.Username is null != watcher.Password is null)
            yield return new(nameof(watcher.Password), "Username and Password require each other.", SecretErrors.Kinds);
        if (watcher is { Username: not null, Security: SmtpSecurity.None } && !IsLoopback(watcher.SmtpHost))
            yield return new(
                nameof(watcher.Security), "The password would be sent unencrypted.", "Use StartTls or Tls, or a server that requires no password.");
        if (watcher.Password is { } password && !SecretReference.TryParse(password, out _))
            yield return new(nameof(watcher.Password), SecretErrors.NotStored, SecretErrors.Kinds);
    }

    private static IEnumerable<DefinitionProblem> WebhookProblems(S3FeedWatcher watcher)
    {
        if (!WatcherUrl.IsReference(watcher.Url) && WatcherUrl.Check(watcher.Url) is { } problem)
            yield return problem;
        if (watcher.SigningKey is { } key && !SecretReference.TryParse(key, out _))
            yield return new(nameof(watcher.SigningKey), SecretErrors.NotStored, SecretErrors.Kinds);
    }

    private static IEnumerable<DefinitionProblem> Foreign(S3FeedWatcher w)
    {
        (string Field, bool Given, WatcherKind Kind)[] fields =
        [
            (nameof(w.To), w.To.Count > 0, WatcherKind.Email), (nameof(w.From), w.From is not null, WatcherKind.Email),
            (nameof(w.SmtpHost), w.SmtpHost is not null, WatcherKind.Email), (nameof(w.SmtpPort), w.SmtpPort != 0, WatcherKind.Email),
            (nameof(w.Security), w.Security != default, WatcherKind.Email), (nameof(w.Username), w.Username is not null, WatcherKind.Email),
            (nameof(w.Password), w.Password is not null, WatcherKind.Email), (nameof(w.Url), w.Url is not null, WatcherKind.Webhook),
            (nameof(w.SigningKey), w.SigningKey is not null, WatcherKind.Webhook),
        ];
        return fields.Where(f => f.Given && f.Kind != w.Kind)
            .Select(f => new DefinitionProblem(f.Field, $"A watcher of the kind {w.Kind} has no {f.Field}."));
    }

    private static bool IsAddress(string text)
        => MailAddress.TryCreate(text, out var address) && string.Equals(address.Address, text, StringComparison.Ordinal);

    private static bool IsLoopback(string? host) => host is "localhost" or "127.0.0.1" or "::1";
}

/// <summary>Checks the URL of a watcher. It may be a reference, because the URLs of chats are secrets.</summary>
internal static class WatcherUrl
{
    /// <summary>Whether the text is a reference to a URL.</summary>
    public static bool IsReference([NotNullWhen(true)] string? url) => SecretReference.TryParse(url, out _);

    /// <summary>Returns the problem of a URL, or null. The message does not repeat the URL.</summary>
    public static DefinitionProblem? Check(string? text)
    {
        if (text is null)
            return new(nameof(S3FeedWatcher.Url), "The URL is missing.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            return new(
                nameof(S3FeedWatcher.Url), "The URL must begin with https://.",
                "It may also be a reference: env:NAME, file:/PATH or vault:VAULT/NAME.");
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
            return new(nameof(S3FeedWatcher.Url), "The URL must begin with https://. Only URLs of this machine may begin with http://.");
        return url.UserInfo.Length == 0 ? null : new(
            nameof(S3FeedWatcher.Url), "The URL contains a user or a password, which would be stored.",
            "Give a SigningKey, and let the receiver check the signature.");
    }
}
