using System.Globalization;
using System.Text;
using static PeakS3Feed.Remedies.CommandText;

namespace PeakS3Feed.Remedies;

/// <summary>
/// A suggested command, for PowerShell and for a shell. The methods create all commands that the core suggests, each from its verb and arguments;
/// <see cref="CommandText"/> writes them.
/// </summary>
/// <param name="Cmdlet">The PowerShell command.</param>
/// <param name="Shell">The same command with the program <c>peaks3feed</c>, or null where only the module supports it.</param>
public sealed partial record Remedy(string Cmdlet, string? Shell = null)
{
    // With a number appended, PostgreSQL still accepts the name.
    private const int MaxStemBytes = 59;

    /// <summary>Returns the commands with the path of a store. A command of another program stays unchanged.</summary>
    public Remedy OnStore(string storePath) => new(CmdletOnStore(Cmdlet, storePath), Shell is null ? null : ProgramOnStore(Shell, storePath));

    /// <summary>A command that is the same in PowerShell and in a shell, such as one of another program. Nothing in it is quoted.</summary>
    public static Remedy Verbatim(string command) => new(command, command);

    // Settings.

    /// <summary>Changes one setting of a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="setting">The cmdlet's parameter.</param>
    /// <param name="value">The value, unquoted; for a switch <c>true</c> or <c>false</c>.</param>
    /// <param name="key">The key in the import document, where it differs from the parameter.</param>
    public static Remedy SetFeed(string feed, string setting, string value, string? key = null)
        => Set("Set-S3Feed", feed, (setting, SettingNames.IsSwitch(setting) ? bool.Parse(value) : value, key));

    /// <summary>Changes a switch of a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="setting">The cmdlet's parameter.</param>
    /// <param name="on">Whether to turn it on.</param>
    public static Remedy SetFeed(string feed, string setting, bool on) => Set("Set-S3Feed", feed, (setting, on, null));

    /// <summary>Changes one setting of a feed that is a list.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="setting">The cmdlet's parameter.</param>
    /// <param name="values">The values.</param>
    public static Remedy SetFeed(string feed, string setting, IReadOnlyList<string> values) => Set("Set-S3Feed", feed, (setting, values, null));

    /// <summary>Changes several settings of a feed at once.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="settings">The cmdlet's parameters, and their values.</param>
    public static Remedy SetFeed(string feed, IEnumerable<(string Parameter, string Value)> settings) => Set("Set-S3Feed", feed, settings);

    /// <summary>Changes one setting of a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="setting">The cmdlet's parameter; the key in the import document is the same in camelCase.</param>
    /// <param name="value">The value, unquoted; for a switch <c>true</c> or <c>false</c>.</param>
    public static Remedy SetConnection(string connection, string setting, string value)
        => Set("Set-S3Connection", connection, (setting, SettingNames.IsSwitch(setting) ? bool.Parse(value) : value, null));

    /// <summary>Changes several settings of a connection at once.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="settings">The cmdlet's parameters, and their values.</param>
    public static Remedy SetConnection(string connection, IEnumerable<(string Parameter, string Value)> settings)
        => Set("Set-S3Connection", connection, settings);

    /// <summary>Changes one setting of a destination.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="setting">The cmdlet's parameter; the key in the import document is the same in camelCase.</param>
    /// <param name="value">The value, unquoted; for a switch <c>true</c> or <c>false</c>.</param>
    public static Remedy SetDestination(string destination, string setting, string value)
        => Set("Set-S3FeedDestination", destination, (setting, SettingNames.IsSwitch(setting) ? bool.Parse(value) : value, null));

    /// <summary>Adopts a table and regards the objects up to a time as loaded.</summary>
    public static Remedy AssumeLoaded(string feed, DateTimeOffset newest)
    {
        // The next full second, so that the newest object is included.
        var before = newest.AddSeconds(1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return Set("Set-S3Feed", feed, ("AdoptTable", true, null), ("AssumeLoadedBefore", new Bare(before), null));
    }

    /// <summary>Lets a feed append rows without a key.</summary>
    public static Remedy Append(string feed)
        => Set("Set-S3Feed", feed, ("LoadType", "Incremental", null), ("PrimaryKey", Array.Empty<string>(), null));

    /// <summary>Gives a feed another table: the same name with a number appended. If the name already has a number, it is increased.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="table">The table that the feed cannot use.</param>
    public static Remedy OtherTable(string feed, string table)
    {
        var end = table.LastIndexOf('_');
        var counted = int.TryParse(table.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && end > 0 && number is > 1 and < 1000;
        var stem = counted ? table[..end] : table;
        while (Encoding.UTF8.GetByteCount(stem) > MaxStemBytes || char.IsHighSurrogate(stem[^1]))
            stem = stem[..^1];
        return SetFeed(feed, "Table", string.Create(CultureInfo.InvariantCulture, $"{stem}_{(counted ? number + 1 : 2)}"));
    }

    /// <summary>Sets the type of a column of a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="type">The type, as in documents.</param>
    public static Remedy SetColumnType(string feed, string column, string type) => new(
        WriteCmdlet("Set-S3Feed", ("Name", feed), ("Schema", new Bare($"@{{ {PowerShellQuoted(column)} = '{type}' }}"))),
        WriteProgram("set", feed, $"schema.{column}.type={type}"));

    /// <summary>Renames a column of a feed. The new name must not need quotes.</summary>
    public static Remedy RenameColumn(string feed, string from, string to)
    {
        var renamed = $"ForEach-Object {{ if ($_.Name -eq '{from}') {{ $_.Name = '{to}' }}; $_ }}";
        return new(
            WriteCmdlet("Set-S3Feed", ("Name", feed), ("Schema", new Bare($"({WriteCmdlet("Get-S3FeedSchema", ("Name", feed))} | {renamed})"))),
            WriteProgram("set", feed, $"schema.{from}.name={to}"));
    }

    /// <summary>Renames a feed.</summary>
    public static Remedy RenameFeed(string feed, string newName)
        => new(WriteCmdlet("Rename-S3Feed", ("Name", feed), ("NewName", newName)), WriteProgram("set", feed, $"name={newName}"));

    /// <summary>Enables a feed.</summary>
    public static Remedy EnableFeed(string feed) => new(WriteCmdlet("Enable-S3Feed", ("Name", feed)), WriteProgram("set", feed, "enabled=true"));

    // Runs.

    /// <summary>Shows what the next run would do.</summary>
    public static Remedy Plan(string feed) => new(WriteCmdlet("Get-S3FeedPlan", ("Name", feed)), WriteProgram("run", feed, "--plan"));

    /// <summary>Runs the feed.</summary>
    public static Remedy Run(string feed) => new(WriteCmdlet("Invoke-S3Feed", ("Name", feed)), WriteProgram("run", feed));

    /// <summary>Runs a disabled feed.</summary>
    public static Remedy RunDisabled(string feed)
        => new(WriteCmdlet("Invoke-S3Feed", ("Name", feed), ("Force", true)), WriteProgram("run", feed, "--force"));

    /// <summary>Shows the last runs.</summary>
    public static Remedy ShowRuns() => new(WriteCmdlet("Get-S3FeedRun", ("Last", new Bare("10"))), WriteProgram("runs"));

    /// <summary>Shows one run.</summary>
    public static Remedy ShowRun(Guid run) => new(WriteCmdlet("Get-S3FeedRun", ("Id", Short(run))), WriteProgram("runs", "--run", Short(run).Text));

    /// <summary>Shows the warnings of one run.</summary>
    public static Remedy ShowWarnings(Guid run) => new($"{ShowRun(run).Cmdlet} | Select-Object -ExpandProperty Warnings", ShowRun(run).Shell);

    /// <summary>Shows the rejects of the last run of a feed.</summary>
    public static Remedy Rejects(string feed) => new(
        $"{WriteCmdlet("Get-S3FeedRun", ("FeedName", feed), ("Last", new Bare("1")))} | Get-S3FeedReject", WriteProgram("runs", feed, "--rejects"));

    /// <summary>Shows the rejects of one run.</summary>
    public static Remedy RejectsOfRun(Guid run)
        => new($"{WriteCmdlet("Get-S3FeedRun", ("Id", Short(run)))} | Get-S3FeedReject", WriteProgram("runs", "--run", Short(run).Text, "--rejects"));

    /// <summary>Stops a run.</summary>
    public static Remedy StopRun(Guid run)
        => new(WriteCmdlet("Stop-S3FeedRun", ("Id", new Bare(run.ToString("D")))), WriteProgram("stop", run.ToString("D")));

    /// <summary>Resets the feed.</summary>
    public static Remedy Reset(string feed) => new(WriteCmdlet("Reset-S3Feed", ("Name", feed)), WriteProgram("reset", feed));

    /// <summary>Resets the feed and drops its table, so that the next run loads everything again.</summary>
    public static Remedy ResetTable(string feed)
        => new(WriteCmdlet("Reset-S3Feed", ("Name", feed), ("DropTable", true)), WriteProgram("reset", feed, "--drop-table"));

    /// <summary>Resets the feed without asking for confirmation.</summary>
    public static Remedy ResetConfirmed(string feed, bool dropTable) => dropTable
        ? new(WriteCmdlet("Reset-S3Feed", ("Name", feed), ("DropTable", true), ("Force", true)), WriteProgram("reset", feed, "--drop-table", "--yes"))
        : new(WriteCmdlet("Reset-S3Feed", ("Name", feed), ("Force", true)), WriteProgram("reset", feed, "--yes"));

    // Definitions.

    /// <summary>Tests a connection.</summary>
    public static Remedy TestConnection(string name) => new(WriteCmdlet("Test-S3Connection", ("Name", name)), WriteProgram("test", name));

    /// <summary>Tests a destination.</summary>
    public static Remedy TestDestination(string name) => new(WriteCmdlet("Test-S3FeedDestination", ("Name", name)), WriteProgram("test", name));

    /// <summary>Shows the policies that a connection needs.</summary>
    public static Remedy ShowPolicy(string connection)
        => new(WriteCmdlet("Get-S3FeedPolicy", ("Name", connection)), WriteProgram("policy", connection));

    /// <summary>Shows the policies that a connection needs, for a certain principal.</summary>
    public static Remedy ShowPolicy(string connection, string trustedPrincipal) => new(
        WriteCmdlet("Get-S3FeedPolicy", ("Name", connection), ("TrustedPrincipal", trustedPrincipal)),
        WriteProgram("policy", connection, "--trusted-principal", trustedPrincipal));

    /// <summary>Shows a policy that a destination needs.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="purpose">What the policy is for: <c>Staging</c>, <c>Copy</c> or <c>DataApi</c>.</param>
    public static Remedy DestinationPolicy(string destination, string purpose) => new(
        WriteCmdlet("Get-S3FeedPolicy", ("Name", destination), ("For", purpose)), WriteProgram("policy", destination, "--for", purpose));

    /// <summary>Shows a policy that a destination needs, for a certain principal.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="purpose">What the policy is for: <c>Staging</c>.</param>
    /// <param name="trustedPrincipal">The ARN of the principal.</param>
    public static Remedy DestinationPolicy(string destination, string purpose, string trustedPrincipal) => new(
        WriteCmdlet("Get-S3FeedPolicy", ("Name", destination), ("For", purpose), ("TrustedPrincipal", trustedPrincipal)),
        WriteProgram("policy", destination, "--for", purpose, "--trusted-principal", trustedPrincipal));

    /// <summary>Shows the policies of a trigger's queue.</summary>
    public static Remedy QueuePolicy(string trigger)
        => new(WriteCmdlet("Get-S3FeedPolicy", ("Name", trigger), ("For", "Queue")), WriteProgram("policy", trigger, "--for", "Queue"));

    /// <summary>Shows the set-up of a destination.</summary>
    public static Remedy ShowSetup(string destination)
        => new(WriteCmdlet("Get-S3FeedSetup", ("Name", destination)), WriteProgram("setup", destination));

    /// <summary>Shows the set-up of a destination, with the values of Snowflake's storage integration.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="userArn">The user of the integration, as an ARN.</param>
    /// <param name="externalId">The external id of the integration.</param>
    public static Remedy Setup(string destination, string userArn, string externalId) => new(
        WriteCmdlet("Get-S3FeedSetup", ("Name", destination), ("IamUserArn", userArn), ("ExternalId", externalId)),
        WriteProgram("setup", destination, "--iam-user-arn", userArn, "--external-id", externalId));

    /// <summary>Shows a feed.</summary>
    public static Remedy ShowFeed(string feed) => new($"{WriteCmdlet("Get-S3Feed", ("Name", feed))} | Format-List", WriteProgram("export", feed));

    /// <summary>Shows a connection. The program shows only feeds by their names.</summary>
    public static Remedy ShowConnection(string connection)
        => new($"{WriteCmdlet("Get-S3Connection", ("Name", connection))} | Format-List", WriteProgram("export"));

    /// <summary>Shows a destination.</summary>
    public static Remedy ShowDestination(string destination)
        => new($"{WriteCmdlet("Get-S3FeedDestination", ("Name", destination))} | Format-List", WriteProgram("export"));

    /// <summary>Shows a trigger.</summary>
    public static Remedy ShowTrigger(string trigger)
        => new($"{WriteCmdlet("Get-S3FeedTrigger", ("Name", trigger))} | Format-List", WriteProgram("export"));

    /// <summary>Changes a trigger.</summary>
    /// <param name="trigger">The trigger.</param>
    /// <param name="parameters">The cmdlet's parameters and their values.</param>
    internal static Remedy SetTrigger(string trigger, IEnumerable<(string Parameter, object Value)> parameters)
        => new(WriteCmdlet("Set-S3FeedTrigger", [("Name", trigger), .. parameters]));

    /// <summary>Gives a trigger another queue.</summary>
    /// <param name="trigger">The trigger.</param>
    public static Remedy SetQueue(string trigger) => new(
        WriteCmdlet("Set-S3FeedTrigger", ("Name", trigger), ("Queue", "<URL>")), WriteProgram("set", trigger) + " queue=" + CommandText.Shell("<URL>"));

    /// <summary>Registers a trigger with a queue for a feed.</summary>
    public static Remedy RegisterQueue(string feed) => new(WriteCmdlet("Register-S3FeedTrigger", ("FeedName", feed), ("Queue", "<URL>")));

    /// <summary>Fires a trigger now, whether it is due or not.</summary>
    public static Remedy Fire(string trigger) => new(WriteCmdlet("Invoke-S3FeedTrigger", ("Name", trigger), ("Now", true)));

    /// <summary>Enables a trigger.</summary>
    public static Remedy EnableTrigger(string trigger) => new(WriteCmdlet("Enable-S3FeedTrigger", ("Name", trigger)));

    /// <summary>Gives a webhook a new secret.</summary>
    public static Remedy RegenerateSecret(string trigger) => new(WriteCmdlet("Set-S3FeedTrigger", ("Name", trigger), ("Regenerate", true)));

    /// <summary>Removes a watcher. A watcher cannot be changed, only removed and added again.</summary>
    public static Remedy RemoveWatcher(string watcher) => new(WriteCmdlet("Remove-S3FeedWatcher", ("Name", watcher)));

    // Files.

    /// <summary>Copies a file.</summary>
    public static Remedy CopyFile(string from, string to) => ForFiles("Copy-Item", OperatingSystem.IsWindows() ? "copy" : "cp", from, to);

    /// <summary>Moves a file.</summary>
    public static Remedy MoveFile(string from, string to) => ForFiles("Move-Item", OperatingSystem.IsWindows() ? "move" : "mv", from, to);

    private static Remedy ForFiles(string cmdlet, string command, string from, string to) => new(
        WriteCmdlet(cmdlet, ("LiteralPath", new Bare(PowerShellQuoted(from))), ("Destination", new Bare(PowerShellQuoted(to)))),
        $"{command} {CommandText.Shell(from)} {CommandText.Shell(to)}");

    private static Remedy Set(string cmdlet, string name, IEnumerable<(string Parameter, string Value)> settings)
        // Include is a list.
        => Set(cmdlet, name, [.. settings.Select(s => (s.Parameter, s.Parameter is "Include" ? new[] { s.Value } : (object)s.Value, (string?)null))]);

    private static Remedy Set(string cmdlet, string name, params IReadOnlyList<(string Parameter, object Value, string? Key)> settings) => new(
        WriteCmdlet(cmdlet, [("Name", name), .. settings.Select(s => (s.Parameter, s.Value))]),
        $"{WriteProgram("set", name)} "
            + $"{string.Join(' ', settings.Select(s => Setting(s.Parameter, s.Value, s.Key ?? SettingNames.GetKey(s.Parameter))))}");

    private static string Setting(string parameter, object value, string key)
    {
        var text = value switch
        {
            bool on => on != SettingNames.IsNegated(parameter) ? "true" : "false",
            IReadOnlyList<string> list => List(list),
            _ => value.ToString()!,
        };
        return $"{key}={(text.Length == 0 ? "" : CommandText.Shell(text))}";
    }

    // Enough of the id to find the run.
    private static Bare Short(Guid run) => new(run.ToString("D")[..8]);

    /// <summary>The PowerShell command.</summary>
    public override string ToString() => Cmdlet;
}
