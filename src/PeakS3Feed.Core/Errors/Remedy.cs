using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace PeakS3Feed.Errors;

/// <summary>A suggested command, for PowerShell and for a shell.</summary>
/// <param name="Cmdlet">The PowerShell command.</param>
/// <param name="Shell">The same command with the program <c>peaks3feed</c>, or null where only the module supports it.</param>
public sealed record Remedy(string Cmdlet, string? Shell = null)
{
    // With a number appended, PostgreSQL still accepts the name.
    private const int MaxStemBytes = 59;

    /// <summary>Returns the commands with the path of a store. A command of another program stays unchanged.</summary>
    public Remedy OnStore(string storePath) => new(CommandText.CmdletOnStore(Cmdlet, storePath), Shell is null ? null : CommandText.ShellOnStore(Shell, storePath));

    /// <summary>Changes one setting of a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="setting">The cmdlet's parameter.</param>
    /// <param name="value">The value, unquoted; for a switch <c>true</c> or <c>false</c>. Both commands quote it where necessary.</param>
    /// <param name="key">The key in the import document, where it differs from the parameter.</param>
    public static Remedy SetFeed(string feed, string setting, string value, string? key = null) => Set("Set-S3Feed", feed, setting, value, key);

    /// <summary>Changes a switch of a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="setting">The cmdlet's parameter.</param>
    /// <param name="on">Whether to turn it on.</param>
    public static Remedy SetFeed(string feed, string setting, bool on) => SetFeed(feed, setting, on ? "true" : "false");

    /// <summary>Changes one setting of a feed that is a list.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="setting">The cmdlet's parameter.</param>
    /// <param name="values">The values.</param>
    public static Remedy SetFeed(string feed, string setting, IReadOnlyList<string> values)
        => Change("Set-S3Feed", feed, $"{setting} {CommandText.PowerShell(values)}", SettingNames.GetKey(setting), CommandText.List(values));

    /// <summary>Renames a column of a feed. The new name must not need quotes.</summary>
    public static Remedy RenameColumn(string feed, string from, string to) => new(
        $"Set-S3Feed -Name {feed} -Schema (Get-S3FeedSchema -Name {feed} | ForEach-Object {{ if ($_.Name -eq '{from}') {{ $_.Name = '{to}' }}; $_ }})",
        $"peaks3feed set {feed} schema.{from}.name={to}");

    /// <summary>Adopts a table and regards the objects up to a time as loaded.</summary>
    public static Remedy AssumeLoaded(string feed, DateTimeOffset newest)
    {
        // The next full second, so that the newest object is included.
        var before = newest.AddSeconds(1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new(
            $"Set-S3Feed -Name {CommandText.PowerShell(feed)} -AdoptTable -AssumeLoadedBefore {before}",
            $"peaks3feed set {CommandText.Shell(feed)} adoptTable=true assumeLoadedBefore={before}");
    }

    /// <summary>Lets a feed append rows without a key.</summary>
    public static Remedy Append(string feed) => new(
        $"Set-S3Feed -Name {CommandText.PowerShell(feed)} -LoadType Incremental -PrimaryKey @()", $"peaks3feed set {CommandText.Shell(feed)} loadType=Incremental primaryKey=");

    /// <summary>Gives a feed another table: the same name with a number appended. If the name already has a number, it is increased.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="table">The table that the feed cannot use.</param>
    public static Remedy OtherTable(string feed, string table)
    {
        var end = table.LastIndexOf('_');
        var counted = int.TryParse(table.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && end > 0 && number is > 1 and < 1000;
        var stem = counted ? table[..end] : table;
        while (Encoding.UTF8.GetByteCount(stem) > MaxStemBytes || char.IsHighSurrogate(stem[^1]))
            stem = stem[..^1];
        return SetFeed(feed, "Table", string.Create(CultureInfo.InvariantCulture, $"{stem}_{(counted ? number + 1 : 2)}"));
    }

    /// <summary>Changes one setting of a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="setting">The cmdlet's parameter; the key in the import document is the same in camelCase.</param>
    /// <param name="value">The value, unquoted; for a switch <c>true</c> or <c>false</c>.</param>
    public static Remedy SetConnection(string connection, string setting, string value) => Set("Set-S3Connection", connection, setting, value, null);

    /// <summary>Sets the type of a column of a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="type">The type, as in documents.</param>
    public static Remedy SetColumnType(string feed, string column, string type) => new(
        $"Set-S3Feed -Name {CommandText.PowerShell(feed)} -Schema @{{ {CommandText.PowerShellQuoted(column)} = '{type}' }}",
        $"peaks3feed set {CommandText.Shell(feed)} {CommandText.Shell($"schema.{column}.type={type}")}");

    /// <summary>Shows the policies that a connection needs.</summary>
    public static Remedy ShowPolicy(string connection) => new($"Get-S3FeedPolicy -Name {CommandText.PowerShell(connection)}", $"peaks3feed policy {CommandText.Shell(connection)}");

    /// <summary>A command of another program, the same in every shell.</summary>
    public static Remedy Same(string command) => new(command, command);

    /// <summary>Shows what the next run would do.</summary>
    public static Remedy Plan(string feed) => new($"Get-S3FeedPlan -Name {CommandText.PowerShell(feed)}", $"peaks3feed run {CommandText.Shell(feed)} --plan");

    /// <summary>Runs the feed.</summary>
    public static Remedy Run(string feed) => new($"Invoke-S3Feed -Name {CommandText.PowerShell(feed)}", $"peaks3feed run {CommandText.Shell(feed)}");

    /// <summary>Resets the feed.</summary>
    public static Remedy Reset(string feed) => new($"Reset-S3Feed -Name {CommandText.PowerShell(feed)}", $"peaks3feed reset {CommandText.Shell(feed)}");

    /// <summary>Resets the feed and drops its table, so that the next run loads everything again.</summary>
    public static Remedy ResetTable(string feed) => new($"Reset-S3Feed -Name {CommandText.PowerShell(feed)} -DropTable", $"peaks3feed reset {CommandText.Shell(feed)} --drop-table");

    /// <summary>Shows the rejects of the last run of a feed.</summary>
    public static Remedy Rejects(string feed)
        => new($"Get-S3FeedRun -FeedName {CommandText.PowerShell(feed)} -Last 1 | Get-S3FeedReject", $"peaks3feed runs {CommandText.Shell(feed)} --rejects");

    /// <summary>Shows the rejects of one run.</summary>
    public static Remedy RejectsOfRun(Guid run)
        => new($"Get-S3FeedRun -Id {run.ToString("D")[..8]} | Get-S3FeedReject", $"peaks3feed runs --run {run.ToString("D")[..8]} --rejects");

    /// <summary>Shows one run.</summary>
    public static Remedy ShowRun(Guid run) => new($"Get-S3FeedRun -Id {run.ToString("D")[..8]}", $"peaks3feed runs --run {run.ToString("D")[..8]}");

    /// <summary>Tests a connection.</summary>
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

/// <summary>A setting that would fix an error. The code that creates the error need not know the feed.</summary>
/// <param name="Setting">The parameter of the cmdlet.</param>
/// <param name="Value">Its value.</param>
/// <param name="Key">The key in the import document, where it is not the parameter's name in camelCase.</param>
public sealed record FeedSetting(string Setting, string Value, string? Key = null)
{
    /// <summary>Skip files that fail.</summary>
    public static FeedSetting SkipBadFiles { get; } = new("OnBadFile", "Skip");

    /// <summary>The files have no header.</summary>
    public static FeedSetting NoHeader { get; } = new("NoHeader", "true");
}

/// <summary>Maps parameters of <c>Set-S3Feed</c> and <c>Set-S3Connection</c> to keys of the import document, and knows which are switches.</summary>
internal static class SettingNames
{
    private static readonly FrozenDictionary<string, string> Keys = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Separator"] = "csv.separator",
        ["Quote"] = "csv.quote",
        ["Escape"] = "csv.escape",
        ["NoHeader"] = "csv.hasHeader",
        ["ColumnName"] = "csv.columnNames",
        ["SkipRows"] = "csv.skipRows",
        ["NullValue"] = "csv.nullValues",
        ["DateFormat"] = "dateFormats",
        ["DestinationName"] = "destinationNames",
        ["Tag"] = "tags",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Switches = FrozenSet.Create(
        StringComparer.Ordinal, "AdoptTable", "AllowEmpty", "NoHeader", "ForcePathStyle", "Anonymous", "RequesterPays");

    /// <summary>Returns the key of a parameter in the import document.</summary>
    public static string GetKey(string parameter) => Keys.GetValueOrDefault(parameter) ?? char.ToLowerInvariant(parameter[0]) + parameter[1..];

    /// <summary>Whether a parameter is a switch.</summary>
    public static bool IsSwitch(string parameter) => Switches.Contains(parameter);

    /// <summary>Whether a switch that is on makes its key false: the document says what a file has, the parameter what it lacks.</summary>
    public static bool IsNegated(string parameter) => parameter == "NoHeader";
}
