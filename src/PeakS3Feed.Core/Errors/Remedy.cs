using System.Globalization;
using System.Text;

namespace PeakS3Feed.Errors;

/// <summary>A command to type next, in both of the tongues a person may be using.</summary>
/// <param name="Cmdlet">The PowerShell command.</param>
/// <param name="Shell">The same with the <c>peaks3feed</c> program, or null where only the module can do it.</param>
public sealed record Remedy(string Cmdlet, string? Shell = null)
{
    // With a number behind it, PostgreSQL still takes it.
    private const int LongestStem = 59;

    /// <summary>Change one setting of a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="setting">The cmdlet's parameter.</param>
    /// <param name="value">Its value, as it is; of a switch <c>true</c> or <c>false</c>. Both commands quote what needs quotes.</param>
    /// <param name="key">The key in the import document, where it is not the parameter's own.</param>
    public static Remedy SetFeed(string feed, string setting, string value, string? key = null) => Set("Set-S3Feed", feed, setting, value, key);

    /// <summary>Change a switch of a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="setting">The cmdlet's parameter.</param>
    /// <param name="on">Whether it is to be on.</param>
    public static Remedy SetFeed(string feed, string setting, bool on) => SetFeed(feed, setting, on ? "true" : "false");

    /// <summary>Change one setting of a feed that is a list.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="setting">The cmdlet's parameter.</param>
    /// <param name="values">Its values.</param>
    public static Remedy SetFeed(string feed, string setting, IReadOnlyList<string> values)
        => Change("Set-S3Feed", feed, $"{setting} {CommandText.PowerShell(values)}", SettingNames.GetKey(setting), CommandText.List(values));

    /// <summary>Give a feed's column another name, which must need no quotes.</summary>
    public static Remedy RenameColumn(string feed, string from, string to) => new(
        $"Set-S3Feed -Name {feed} -Schema (Get-S3FeedSchema -Name {feed} | ForEach-Object {{ if ($_.Name -eq '{from}') {{ $_.Name = '{to}' }}; $_ }})",
        $"peaks3feed set {feed} schema.{from}.name={to}");

    /// <summary>Adopt a table and take the objects as loaded that are not newer than a time.</summary>
    public static Remedy AssumeLoaded(string feed, DateTimeOffset newest)
    {
        // The next whole second, so that the newest one is among them.
        var before = newest.AddSeconds(1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new(
            $"Set-S3Feed -Name {CommandText.PowerShell(feed)} -AdoptTable -AssumeLoadedBefore {before}",
            $"peaks3feed set {CommandText.Shell(feed)} adoptTable=true assumeLoadedBefore={before}");
    }

    /// <summary>Let a feed append rows without a key.</summary>
    public static Remedy Append(string feed) => new(
        $"Set-S3Feed -Name {CommandText.PowerShell(feed)} -LoadType Incremental -PrimaryKey @()", $"peaks3feed set {CommandText.Shell(feed)} loadType=Incremental primaryKey=");

    /// <summary>Give a feed another table: the same name with a number behind it, which counts on where that table is no better.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="table">The table that it cannot have.</param>
    public static Remedy OtherTable(string feed, string table)
    {
        var end = table.LastIndexOf('_');
        var counted = int.TryParse(table.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && end > 0 && number is > 1 and < 1000;
        var stem = counted ? table[..end] : table;
        while (Encoding.UTF8.GetByteCount(stem) > LongestStem || char.IsHighSurrogate(stem[^1]))
            stem = stem[..^1];
        return SetFeed(feed, "Table", string.Create(CultureInfo.InvariantCulture, $"{stem}_{(counted ? number + 1 : 2)}"));
    }

    /// <summary>Change one setting of a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="setting">The cmdlet's parameter; the key in the import document is the same in camelCase.</param>
    /// <param name="value">Its value, as it is; of a switch <c>true</c> or <c>false</c>.</param>
    public static Remedy SetConnection(string connection, string setting, string value) => Set("Set-S3Connection", connection, setting, value, null);

    /// <summary>Give a column of a feed a type.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="type">The type, as documents write it.</param>
    public static Remedy SetColumnType(string feed, string column, string type) => new(
        $"Set-S3Feed -Name {CommandText.PowerShell(feed)} -Schema @{{ {CommandText.PowerShellQuoted(column)} = '{type}' }}",
        $"peaks3feed set {CommandText.Shell(feed)} {CommandText.Shell($"schema.{column}.type={type}")}");

    /// <summary>Show the policies that a connection needs.</summary>
    public static Remedy ShowPolicy(string connection) => new($"Get-S3FeedPolicy -Name {CommandText.PowerShell(connection)}", $"peaks3feed policy {CommandText.Shell(connection)}");

    /// <summary>A command of another program, the same everywhere.</summary>
    public static Remedy Same(string command) => new(command, command);

    /// <summary>Look at what the next run would do.</summary>
    public static Remedy Plan(string feed) => new($"Get-S3FeedPlan -Name {CommandText.PowerShell(feed)}", $"peaks3feed run {CommandText.Shell(feed)} --plan");

    /// <summary>Run the feed (again).</summary>
    public static Remedy Run(string feed) => new($"Invoke-S3Feed -Name {CommandText.PowerShell(feed)}", $"peaks3feed run {CommandText.Shell(feed)}");

    /// <summary>Forget what the feed has loaded.</summary>
    public static Remedy Reset(string feed) => new($"Reset-S3Feed -Name {CommandText.PowerShell(feed)}", $"peaks3feed reset {CommandText.Shell(feed)}");

    /// <summary>Forget what the feed has loaded, and drop its table, so that all is loaded anew.</summary>
    public static Remedy ResetTable(string feed) => new($"Reset-S3Feed -Name {CommandText.PowerShell(feed)} -DropTable", $"peaks3feed reset {CommandText.Shell(feed)} --drop-table");

    /// <summary>Look at the runs of a feed and their rejects.</summary>
    public static Remedy Rejects(string feed)
        => new($"Get-S3FeedRun -FeedName {CommandText.PowerShell(feed)} -Last 1 | Get-S3FeedReject", $"peaks3feed runs {CommandText.Shell(feed)} --rejects");

    /// <summary>Look at the rejects of one run.</summary>
    public static Remedy RejectsOfRun(Guid run)
        => new($"Get-S3FeedRun -Id {run.ToString("D")[..8]} | Get-S3FeedReject", $"peaks3feed runs --run {run.ToString("D")[..8]} --rejects");

    /// <summary>Look at one run.</summary>
    public static Remedy ShowRun(Guid run) => new($"Get-S3FeedRun -Id {run.ToString("D")[..8]}", $"peaks3feed runs --run {run.ToString("D")[..8]}");

    /// <summary>Test a connection.</summary>
    public static Remedy TestConnection(string name) => new($"Test-S3Connection -Name {CommandText.PowerShell(name)}", $"peaks3feed test {CommandText.Shell(name)}");

    private static Remedy Set(string cmdlet, string name, string setting, string value, string? key)
    {
        key ??= SettingNames.GetKey(setting);
        if (!SettingNames.IsSwitch(setting))
            return Change(cmdlet, name, $"{setting} {CommandText.PowerShell(value)}", key, value);
        var on = bool.Parse(value);
        return Change(cmdlet, name, on ? setting : $"{setting}:$false", key, on != SettingNames.IsNegated(setting) ? "true" : "false");
    }

    private static Remedy Change(string cmdlet, string name, string parameter, string key, string value) => new(
        $"{cmdlet} -Name {CommandText.PowerShell(name)} -{parameter}",
        $"peaks3feed set {CommandText.Shell(name)} {key}={(value.Length == 0 ? "" : CommandText.Shell(value))}");
}
