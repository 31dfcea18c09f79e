using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Cmdlets.Watchers;

/// <summary>Changes the given settings of watchers. A watcher keeps its name, its feed and whether it sends emails or requests.</summary>
[Cmdlet(VerbsCommon.Set, "S3FeedWatcher", SupportsShouldProcess = true)]
[OutputType(typeof(S3FeedWatcherInfo))]
public sealed class SetS3FeedWatcherCommand : WatcherNameCmdlet
{
    [Parameter(HelpMessage = "The events to notify of: RunFailed, RunSucceeded, Rejects, RunsLong, NothingArrived.")]
    [ValidateNotNullOrEmpty]
    public WatcherEvent[] Event { get; set; } = [];

    [Parameter(HelpMessage = "For RunsLong: how long a run may take, for example 30m or 00:30:00; $null without RunsLong.")]
    [DurationTransformation]
    [AllowNull]
    public TimeSpan? LongerThan { get; set; }

    [Parameter(HelpMessage = "For NothingArrived: the time of day by which an object must arrive, for example 07:00; $null without NothingArrived.")]
    [TimeTransformation]
    [AllowNull]
    public object? ArrivesBy { get; set; }

    [Parameter(HelpMessage = "For NothingArrived: the days on which an object must arrive, for example Weekdays; empty for every day.")]
    [DayOfWeekTransformation]
    [AllowEmptyCollection]
    [AllowNull]
    public DayOfWeek[]? ArrivesOn { get; set; }

    [Parameter(HelpMessage = "For NothingArrived: the time zone of the clock, for example Europe/Paris.")]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string? TimeZone { get; set; }

    [Parameter(HelpMessage = "The addresses that emails go to.")]
    [ValidateNotNullOrEmpty]
    public string[] To { get; set; } = [];

    [Parameter(HelpMessage = "The address that emails come from.")]
    [ValidateNotNullOrEmpty]
    public string? From { get; set; }

    [Parameter(HelpMessage = "The mail server's name or address.")]
    [ValidateNotNullOrEmpty]
    public string? SmtpHost { get; set; }

    [Parameter(HelpMessage = "The mail server's port; 0 for the usual one of Security.")]
    [ValidateRange(0, 65535)]
    public int SmtpPort { get; set; }

    [Parameter(HelpMessage = "How TLS secures the connection: StartTls, Tls or None.")]
    public SmtpSecurity Security { get; set; }

    [Parameter(HelpMessage = "The user to log in as; empty for no login.")]
    [AllowNull]
    [AllowEmptyString]
    public string? Username { get; set; }

    [Parameter(HelpMessage = "A reference to the password, never the password itself: env:NAME, file:/PATH or vault:VAULT/NAME; empty for no login.")]
    [ArgumentCompleter(typeof(SecretCompleter))]
    [AllowNull]
    [AllowEmptyString]
    public string? Password { get; set; }

    [Parameter(HelpMessage = "The URL that requests go to, or a reference to it if it is a secret: env:NAME, file:/PATH or vault:VAULT/NAME.")]
    [ArgumentCompleter(typeof(SecretCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Url { get; set; }

    [Parameter(HelpMessage = "A reference to the key that signs requests: env:NAME, file:/PATH or vault:VAULT/NAME; empty for no signature.")]
    [ArgumentCompleter(typeof(SecretCompleter))]
    [AllowNull]
    [AllowEmptyString]
    public string? SigningKey { get; set; }

    [Parameter(HelpMessage = "Return the changed watcher.")]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var watcher = await EditAsync(
            engine, name, "Change the watcher", async () => await engine.Definitions.FindWatcherAsync(name, cancellationToken),
            d => d.EditWatcherAsync(name, Changed, cancellationToken), w => w);
        if (watcher is not null && PassThru)
            await EmitAsync(new S3FeedWatcherInfo(watcher), StorePath);
    }

    private S3FeedWatcher Changed(S3FeedWatcher watcher)
    {
        if (Given(nameof(Event))) watcher = watcher with { Events = Event.Distinct().ToArray() };
        if (Given(nameof(LongerThan))) watcher = watcher with { LongerThan = LongerThan };
        if (Given(nameof(ArrivesBy))) watcher = WithArrival(watcher);
        if (Given(nameof(ArrivesOn))) watcher = watcher with { ArrivesOn = (ArrivesOn ?? []).Distinct().ToArray() };
        if (Given(nameof(TimeZone))) watcher = watcher with { TimeZone = TimeZone };
        if (Given(nameof(To))) watcher = watcher with { To = To };
        if (Given(nameof(From))) watcher = watcher with { From = From };
        if (Given(nameof(SmtpHost))) watcher = watcher with { SmtpHost = SmtpHost };
        if (Given(nameof(SmtpPort))) watcher = watcher with { SmtpPort = SmtpPort };
        if (Given(nameof(Security))) watcher = watcher with { Security = Security };
        if (Given(nameof(Username))) watcher = watcher with { Username = OrNull(Username) };
        if (Given(nameof(Password))) watcher = watcher with { Password = OrNull(Password) };
        if (Given(nameof(Url))) watcher = watcher with { Url = Url };
        return Given(nameof(SigningKey)) ? watcher with { SigningKey = OrNull(SigningKey) } : watcher;
    }

    // Without a time of day there are neither days nor a zone; a first one is on this system's clock, as for a new watcher.
    private S3FeedWatcher WithArrival(S3FeedWatcher watcher) => ArrivesBy is null
        ? watcher with { ArrivesBy = null, ArrivesOn = [], TimeZone = null }
        : watcher with { ArrivesBy = TimeTransformationAttribute.TimeOf(ArrivesBy), TimeZone = watcher.TimeZone ?? TriggerTimeZone.SystemId };
}
