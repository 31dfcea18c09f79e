using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Secrets;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Cmdlets.Watchers;

/// <summary>Creates a watcher, which notifies a person or system of a feed's runs by email or by a request to a URL.</summary>
[Cmdlet(VerbsCommon.Add, "S3FeedWatcher", SupportsShouldProcess = true, DefaultParameterSetName = EmailSet)]
[OutputType(typeof(S3FeedWatcherInfo))]
public sealed class AddS3FeedWatcherCommand : FeedCmdlet
{
    private const string EmailSet = "Email";
    private const string WebhookSet = "Webhook";

    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The feed to watch: its name, or the feed itself; * for all feeds.")]
    [PipedName(Noun.Feed)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string FeedName { get; set; } = "";

    [Parameter(HelpMessage = "The watcher's name; by default the feed's name and the kind of watcher.")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter(Mandatory = true, HelpMessage = "The events to notify of: RunFailed, RunSucceeded, Rejects, RunsLong, NothingArrived.")]
    [ValidateNotNullOrEmpty]
    public WatcherEvent[] Event { get; set; } = [];

    [Parameter(HelpMessage = "For RunsLong: how long a run may take, for example 30m or 00:30:00.")]
    [DurationTransformation]
    public TimeSpan? LongerThan { get; set; }

    [Parameter(HelpMessage = "For NothingArrived: the time of day by which an object must arrive, for example 07:00.")]
    [TimeTransformation]
    [ValidateNotNull]
    public object? ArrivesBy { get; set; }

    [Parameter(HelpMessage = "For NothingArrived: the days on which an object must arrive, for example Monday, Tuesday; by default every day.")]
    [DayOfWeekTransformation]
    [ValidateNotNullOrEmpty]
    public DayOfWeek[] ArrivesOn { get; set; } = [];

    [Parameter(HelpMessage = "For NothingArrived: the time zone of the clock, for example Europe/Paris; by default this system's.")]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string? TimeZone { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = EmailSet, HelpMessage = "The addresses that emails go to.")]
    [ValidateNotNullOrEmpty]
    public string[] To { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = EmailSet, HelpMessage = "The address that emails come from.")]
    [ValidateNotNullOrEmpty]
    public string? From { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = EmailSet, HelpMessage = "The mail server's name or address.")]
    [ValidateNotNullOrEmpty]
    public string? SmtpHost { get; set; }

    [Parameter(ParameterSetName = EmailSet, HelpMessage = "The mail server's port; by default 587 with StartTls, 465 with Tls and 25 with None.")]
    [ValidateRange(1, 65535)]
    public int SmtpPort { get; set; }

    [Parameter(ParameterSetName = EmailSet, HelpMessage = "How TLS secures the connection: StartTls (default), Tls or None.")]
    public SmtpSecurity Security { get; set; }

    [Parameter(ParameterSetName = EmailSet, HelpMessage = "The user to log in as; by default no login.")]
    [ValidateNotNullOrEmpty]
    public string? Username { get; set; }

    [Parameter(
        ParameterSetName = EmailSet,
        HelpMessage = "A reference to the password, never the password itself: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string? Password { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = WebhookSet,
        HelpMessage = "The URL that requests go to, or a reference to it if it is a secret: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [ValidateNotNullOrEmpty]
    public string? Url { get; set; }

    [Parameter(
        ParameterSetName = WebhookSet,
        HelpMessage = "A reference to the key that signs requests: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string? SigningKey { get; set; }

    protected override void ProcessRecord() => RunFor(FeedName, CreateAsync);

    private async Task CreateAsync(FeedEngine engine, CancellationToken cancellationToken)
    {
        var kind = ParameterSetName == WebhookSet ? WatcherKind.Webhook : WatcherKind.Email;
        var watcher = new S3FeedWatcher
        {
            Name = Name ?? "",
            FeedName = FeedName,
            Kind = kind,
            Events = Event.Distinct().ToArray(),
            LongerThan = LongerThan,
            ArrivesBy = ArrivesBy is null ? null : TimeTransformationAttribute.TimeOf(ArrivesBy),
            ArrivesOn = ArrivesOn.Distinct().ToArray(),
            TimeZone = TimeZone ?? (ArrivesBy is null ? null : TriggerTimeZone.SystemId),
            To = To,
            From = From,
            SmtpHost = SmtpHost,
            SmtpPort = SmtpPort,
            Security = Security,
            Username = Username,
            Password = Password,
            Url = Url,
            SigningKey = SigningKey,
        };
        var made = await engine.Definitions.DryRun.AddAsync(watcher, cancellationToken);
        if (made.Id == watcher.Id)
        {
            if (!await ShouldAsync(FeedName, $"Add a watcher of the kind {kind}"))
                return;
            made = await engine.Definitions.AddAsync(watcher, cancellationToken);
        }

        if (made.Id != watcher.Id)
            Post(() => WriteVerbose($"This watcher already exists: {made.Name}. No other watcher was created."));
        foreach (var secret in new[] { made.Password, made.SigningKey, made.Url }.Where(IsInVault))
        {
            Warn($"The secret {secret} is in a vault, which the worker cannot open: only cmdlets can send this watcher's messages. "
                + "The worker reads env:NAME and file:/PATH.");
        }

        await EmitAsync(new S3FeedWatcherInfo(made), StorePath);
    }

    private static bool IsInVault(string? secret) => SecretReference.TryParse(secret, out var reference) && reference.Kind == SecretKind.Vault;
}
