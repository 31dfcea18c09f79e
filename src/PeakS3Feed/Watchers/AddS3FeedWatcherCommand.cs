using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Cmdlets.Triggers;
using PeakS3Feed.Engine;
using PeakS3Feed.Secrets;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Cmdlets.Watchers;

/// <summary>Has somebody told of the runs of feeds: by email, or by a request to a URL.</summary>
[Cmdlet(VerbsCommon.Add, "S3FeedWatcher", SupportsShouldProcess = true, DefaultParameterSetName = EmailSet)]
[OutputType(typeof(S3FeedWatcher))]
public sealed class AddS3FeedWatcherCommand : FeedCmdlet
{
    private const string EmailSet = "Email";
    private const string WebhookSet = "Webhook";

    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The feed to watch: its name, or the feed itself; * for all feeds.")]
    [FeedNameTransformation]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string FeedName { get; set; } = "";

    [Parameter(HelpMessage = "The watcher's name; made of the feed's name and the way it tells when left out.")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter(Mandatory = true, HelpMessage = "What to tell of: RunFailed, RunSucceeded, Rejects, RunsLong, NothingArrived.")]
    [ValidateNotNullOrEmpty]
    public WatcherEvent[] Event { get; set; } = [];

    [Parameter(HelpMessage = "For RunsLong: how long a run may take, for example 30m or 00:30:00.")]
    [DurationTransformation]
    public TimeSpan? LongerThan { get; set; }

    [Parameter(HelpMessage = "For NothingArrived: the time of day by which an object must have come, for example 07:00.")]
    [TimeTransformation]
    [ValidateNotNull]
    public object? ArrivesBy { get; set; }

    [Parameter(HelpMessage = "For NothingArrived: the days on which an object must come, for example Monday, Tuesday; every day when left out.")]
    [DayOfWeekTransformation]
    [ValidateNotNullOrEmpty]
    public DayOfWeek[] ArrivesOn { get; set; } = [];

    [Parameter(HelpMessage = "For NothingArrived: the time zone of the clock, for example Europe/Paris; this system's when left out.")]
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

    [Parameter(ParameterSetName = EmailSet, HelpMessage = "The mail server's port; 587 with StartTls, 465 with Tls and 25 with None when left out.")]
    [ValidateRange(1, 65535)]
    public int SmtpPort { get; set; }

    [Parameter(ParameterSetName = EmailSet, HelpMessage = "How the connection is secured: StartTls (as by default), Tls, or None.")]
    public SmtpSecurity Security { get; set; }

    [Parameter(ParameterSetName = EmailSet, HelpMessage = "The user to log in as; nobody when left out.")]
    [ValidateNotNullOrEmpty]
    public string? Username { get; set; }

    [Parameter(ParameterSetName = EmailSet, HelpMessage = "Where the password is kept, never the password itself: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [ValidateNotNullOrEmpty]
    public string? Password { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = WebhookSet, HelpMessage = "The URL that requests go to, or where it is kept if it is a secret: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [ValidateNotNullOrEmpty]
    public string? Url { get; set; }

    [Parameter(ParameterSetName = WebhookSet, HelpMessage = "Where the key is kept that requests are signed with: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [ValidateNotNullOrEmpty]
    public string? SigningKey { get; set; }

    protected override void ProcessRecord() => RunFor(FeedName, MakeAsync);

    private async Task MakeAsync(FeedEngine engine, CancellationToken cancellationToken)
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
            Post(() => WriteVerbose($"There is this watcher already: {made.Name}. No other one was made."));
        foreach (var secret in new[] { made.Password, made.SigningKey, made.Url }.Where(s => SecretReference.TryParse(s, out var reference) && reference.Kind == SecretKind.Vault))
            Warn($"The secret {secret} is in a vault, which the worker cannot open: only cmdlets can send this watcher's messages. The worker reads env:NAME and file:/PATH.");
        await EmitAsync(made, StorePath);
    }
}
