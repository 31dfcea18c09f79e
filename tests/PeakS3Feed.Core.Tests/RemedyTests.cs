using System.Reflection;
using PeakS3Feed.Feeds;
using PeakS3Feed.Remedies;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests;

public sealed class RemedyTests
{
    [Theory]
    [InlineData("AdoptTable", "true", "Set-S3Feed -Name f -AdoptTable", "peaks3feed set f adoptTable=true")]
    [InlineData("AdoptTable", "false", "Set-S3Feed -Name f -AdoptTable:$false", "peaks3feed set f adoptTable=false")]
    [InlineData("NoHeader", "true", "Set-S3Feed -Name f -NoHeader", "peaks3feed set f csv.hasHeader=false")]
    [InlineData("NoHeader", "false", "Set-S3Feed -Name f -NoHeader:$false", "peaks3feed set f csv.hasHeader=true")]
    [InlineData("FailedRowThreshold", "1%", "Set-S3Feed -Name f -FailedRowThreshold 1%", "peaks3feed set f failedRowThreshold=1%")]
    [InlineData("Table", "true", "Set-S3Feed -Name f -Table true", "peaks3feed set f table=true")]
    [InlineData("Separator", "Auto", "Set-S3Feed -Name f -Separator Auto", "peaks3feed set f csv.separator=Auto")]
    [InlineData("DestinationName", "dwh", "Set-S3Feed -Name f -DestinationName dwh", "peaks3feed set f destinationNames=dwh")]
    [InlineData("Path", "in/2026-01/", "Set-S3Feed -Name f -Path in/2026-01/", "peaks3feed set f path=in/2026-01/")]
    [InlineData("Table", "", "Set-S3Feed -Name f -Table ''", "peaks3feed set f table=")]
    public void A_setting_is_written_in_both_tongues(string setting, string value, string cmdlet, string shell)
        => Assert.Equal(new Remedy(cmdlet, shell), Remedy.SetFeed("f", setting, value));

    [Theory]
    [InlineData("my table", "'my table'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("typographic\u2019s", "'typographic\u2019\u2019s'")]
    [InlineData("$home", "'$home'")]
    [InlineData("a`b", "'a`b'")]
    [InlineData("say \"so\"", "'say \"so\"'")]
    [InlineData("*.csv", "'*.csv'")]
    [InlineData(";", "';'")]
    [InlineData(@"\t", @"\t")]
    [InlineData("\\\n", "'\\\n'")]
    [InlineData("-5", "'-5'")]
    [InlineData("10GB", "'10GB'")]
    [InlineData("@x", "'@x'")]
    [InlineData("a,b", "'a,b'")]
    [InlineData(@"C:\data\x", @"C:\data\x")]
    [InlineData("Größe", "Größe")]
    [InlineData("12.5%", "12.5%")]
    public void PowerShell_gets_what_is_meant(string value, string typed) => Assert.Equal(typed, CommandText.PowerShell(value));

    [Theory]
    [InlineData("my table", "'my table'", "\"my table\"")]
    [InlineData("it's", @"'it'\''s'", "\"it's\"")]
    [InlineData("$home", "'$home'", "'$home'")]
    [InlineData("a`b", "'a`b'", "'a`b'")]
    [InlineData("say \"so\"", "'say \"so\"'", "\"say \"\"so\"\"\"")]
    [InlineData("*.csv", "'*.csv'", "\"*.csv\"")]
    [InlineData(@"\t", @"'\t'", @"\t")]
    [InlineData(@"C:\my data\", @"'C:\my data\'", "\"C:\\my data\\\\\"")]
    [InlineData("a,b", "a,b", "\"a,b\"")]
    [InlineData("1%", "1%", "1%")]
    [InlineData("", "''", "\"\"")]
    public void A_shell_gets_what_is_meant(string value, string posix, string windows)
    {
        Assert.Equal(posix, CommandText.Shell(value, windows: false));
        Assert.Equal(windows, CommandText.Shell(value, windows: true));
    }

    public static TheoryData<string> Factories =>
    [
        .. typeof(Remedy).GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(m => (m.IsPublic || m.IsAssembly) && m.ReturnType == typeof(Remedy) && m.Name is not (nameof(Remedy.Verbatim) or nameof(Remedy.RenameColumn)))
            .Select(m => m.ToString()!),
    ];

    [Theory]
    [MemberData(nameof(Factories))]
    public void Every_command_quotes_what_it_is_given(string factory)
    {
        const string Odd = "it's $x";
        var method = typeof(Remedy).GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static).Single(m => m.ToString() == factory);
        var arguments = method.GetParameters().Select(p => Argument(p, Odd)).ToArray();

        var remedy = (Remedy)method.Invoke(null, arguments)!;

        if (!Array.Exists(method.GetParameters(), p => p.ParameterType != typeof(Guid)))
            return;
        Assert.Contains("'it''s $x", remedy.Cmdlet, StringComparison.Ordinal);
        Assert.DoesNotContain("it's", remedy.Cmdlet, StringComparison.Ordinal);
        if (remedy.Shell is null or "peaks3feed export")
            return; // the module alone knows the command, or the program shows everything
        Assert.DoesNotContain("it's", remedy.Shell.Replace("\"it's", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(OperatingSystem.IsWindows() ? "'it''s $x" : @"it'\''s $x", remedy.Shell, StringComparison.Ordinal);
    }

    private static object? Argument(ParameterInfo parameter, string odd) => parameter.Name switch
    {
        "setting" => "Table",
        "key" => null,
        "type" => "text",
        "settings" => new[] { ("Table", odd) },
        "values" => new[] { odd },
        "parameters" => new[] { ("At", (object)odd) },
        _ => parameter.ParameterType == typeof(string) ? odd : Activator.CreateInstance(parameter.ParameterType),
    };

    [Fact]
    public void The_policy_of_a_destination_is_shown_for_its_purpose()
    {
        Assert.Equal(
            new Remedy("Get-S3FeedPolicy -Name dwh -For Staging", "peaks3feed policy dwh --for Staging"), Remedy.DestinationPolicy("dwh", "Staging"));
        Assert.Equal(
            new Remedy("Get-S3FeedPolicy -Name dwh -For Copy -StorePath /s", "peaks3feed --store /s policy dwh --for Copy"),
            Remedy.DestinationPolicy("dwh", "Copy").OnStore("/s"));
    }

    [Fact]
    public void A_cmdlet_has_its_parameters_in_order()
    {
        Assert.Equal("Get-S3Feed", CommandText.WriteCmdlet("Get-S3Feed"));
        Assert.Equal(
            "Set-S3Feed -Name f -AllowEmpty -AdoptTable:$false -Include '*.csv', a -Exclude @() -Last 10",
            CommandText.WriteCmdlet(
                "Set-S3Feed", ("Name", "f"), ("AllowEmpty", true), ("AdoptTable", false), ("Include", new[] { "*.csv", "a" }),
                ("Exclude", Array.Empty<string>()), ("Last", new Bare("10"))));
    }

    [Fact]
    public void A_list_stays_a_list()
    {
        Assert.Equal(new Remedy("Set-S3Feed -Name f -PrimaryKey id, day", "peaks3feed set f primaryKey=id,day"), Remedy.SetFeed("f", "PrimaryKey", ["id", "day"]));
        Assert.Equal("Set-S3Feed -Name f -NullValue '007', n/a", Remedy.SetFeed("f", "NullValue", ["007", "n/a"]).Cmdlet);
        Assert.Equal("""["a,b","\u0022"]""", CommandText.List(["a,b", "\""]));
        Assert.Equal("Set-S3Feed -Name f -Include @()", Remedy.SetFeed("f", "Include", []).Cmdlet);
    }

    [Fact]
    public void A_column_gets_a_type_whatever_its_name()
        => Assert.Equal(
            new Remedy("Set-S3Feed -Name f -Schema @{ 'it''s 1' = 'text' }", $"peaks3feed set f {CommandText.Shell("schema.it's 1.type=text")}"),
            Remedy.SetColumnType("f", "it's 1", "text"));

    [Fact]
    public void The_store_comes_before_the_pipe_and_not_into_a_value()
    {
        Assert.Equal("Get-S3FeedRun -Last 1 -StorePath /s | Get-S3FeedReject", CommandText.Append("Get-S3FeedRun -Last 1 | Get-S3FeedReject", "-StorePath /s"));
        Assert.Equal(
            "Set-S3Feed -Name f -Schema (Get-S3FeedSchema -Name f -StorePath /s | ForEach-Object { $_ }) -StorePath /s",
            CommandText.Append("Set-S3Feed -Name f -Schema (Get-S3FeedSchema -Name f | ForEach-Object { $_ })", "-StorePath /s"));
        Assert.Equal("Set-S3Feed -Name f -Schema @{ a = 'x' } -Tag @() -StorePath /s", CommandText.Append("Set-S3Feed -Name f -Schema @{ a = 'x' } -Tag @()", "-StorePath /s"));
        Assert.Equal("Set-S3Feed -Name f -Separator ' | ' -StorePath /s", CommandText.Append("Set-S3Feed -Name f -Separator ' | '", "-StorePath /s"));
    }

    [Fact]
    public void On_a_store_both_commands_name_it_and_those_of_other_programs_do_not()
    {
        Assert.Equal(new Remedy("Get-S3FeedPlan -Name f -StorePath /s", "peaks3feed --store /s run f --plan"), Remedy.Plan("f").OnStore("/s"));
        Assert.Equal(new Remedy("Get-S3FeedPlan -Name f -StorePath '/my s'", $"peaks3feed --store {CommandText.Shell("/my s")} run f --plan"), Remedy.Plan("f").OnStore("/my s"));
        Assert.Equal(Remedy.Verbatim("aws sso login"), Remedy.Verbatim("aws sso login").OnStore("/s"));
        Assert.Null(new Remedy("Get-S3FeedPlan -Name f").OnStore("/s").Shell);
    }

    [Theory]
    [InlineData("AdoptTable")]
    [InlineData("AllowEmpty")]
    [InlineData("NoHeader")]
    [InlineData("Separator")]
    [InlineData("Quote")]
    [InlineData("Escape")]
    [InlineData("ColumnName")]
    [InlineData("SkipRows")]
    [InlineData("NullValue")]
    [InlineData("DateFormat")]
    [InlineData("DestinationName")]
    [InlineData("Tag")]
    [InlineData("HistoricalDate")]
    [InlineData("OnChangedObject")]
    public void The_document_has_the_key_of_every_parameter(string parameter)
        => Assert.True(TextSettings.HasSetting(new S3Feed { Name = "f", ConnectionName = "c" }, SettingNames.GetKey(parameter), DefinitionFormat.Default));
}
