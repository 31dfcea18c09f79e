using System.Text.RegularExpressions;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>A place in the source that makes a suggested command.</summary>
/// <param name="Method">The type and method.</param>
/// <param name="Factory">What it calls: a factory of Remedy, or a constructor.</param>
/// <param name="Literals">The texts that it passes.</param>
internal sealed record RemedySite(string Method, string Factory, string Literals)
{
    /// <summary>How scenarios name the site.</summary>
    public string Key => $"{Method}: {Factory} {Literals}".TrimEnd();

    /// <summary>Whether a command may come from here: each factory leaves its mark on the command that it makes.</summary>
    public bool Makes(string command) => Mark().IsMatch(command);

    private Regex Mark()
    {
        var words = Literals.Split(' ');
        var first = words.FirstOrDefault(w => char.IsUpper(w.FirstOrDefault()) && w.Contains('-', StringComparison.Ordinal)) ?? words[0];
        var any = $"({string.Join('|', words.Select(Regex.Escape))})";
        var pattern = Factory switch
        {
            "SetFeed" or "FeedSetting" => $"^(Set-S3Feed .*-{any}\\b|peaks3feed .*set .*{any}=)",
            "SetDestination" => $"^(Set-S3FeedDestination .*-{any}\\b|peaks3feed .*set .*{any}=)",
            "SetConnection" => $"^(Set-S3Connection .*-{any}\\b|peaks3feed .*set .*{any}=)",
            "OtherTable" => "^(Set-S3Feed .*-Table |peaks3feed .*set .*table=)",
            "Append" => "^(Set-S3Feed .*-LoadType Incremental|peaks3feed .*set .*loadType=Incremental)",
            "AssumeLoaded" => "^(Set-S3Feed .*-AssumeLoadedBefore|peaks3feed .*assumeLoadedBefore=)",
            "NoHeader" => "^(Set-S3Feed .*-NoHeader|peaks3feed .*hasHeader=false)",
            "RenameColumn" => @"^(Set-S3Feed .*-Schema|peaks3feed .*schema\..*\.name=)",
            "SetColumnType" => @"^(Set-S3Feed .*-Schema|peaks3feed .*schema\..*\.type=)",
            "EnableFeed" => "^(Enable-S3Feed|peaks3feed .*set .*enabled=true)",
            "RunDisabled" => "^(Invoke-S3Feed .*-Force|peaks3feed .*run .*--force)",
            "RenameFeed" => "^(Rename-S3Feed|peaks3feed .*set .*name=)",
            "StopRun" => "^(Stop-S3FeedRun|peaks3feed .*stop) ",
            "ShowRuns" => "^(Get-S3FeedRun -Last|peaks3feed .*runs)",
            "ShowWarnings" => @"^(Get-S3FeedRun -Id .*\| Select-Object -ExpandProperty Warnings|peaks3feed .*runs --run)",
            "ResetConfirmed" => "^(Reset-S3Feed .*-Force|peaks3feed .*reset .*--yes)",
            "ShowFeed" => "^(Get-S3Feed |peaks3feed .*export .)",
            "ShowConnection" => "^(Get-S3Connection |peaks3feed .*export)",
            "ShowDestination" => "^(Get-S3FeedDestination |peaks3feed .*export)",
            "ShowTrigger" => "^(Get-S3FeedTrigger |peaks3feed .*export)",
            "SetQueue" => "^(Set-S3FeedTrigger .*-Queue |peaks3feed .*set .*queue=)",
            "RegisterQueue" => "^Register-S3FeedTrigger .*-Queue ",
            "SetTrigger" => "^Set-S3FeedTrigger ",
            "EnableTrigger" => "^Enable-S3FeedTrigger ",
            "Fire" => "^Invoke-S3FeedTrigger .*-Now",
            "RegenerateSecret" => "^Set-S3FeedTrigger .*-Regenerate",
            "RemoveWatcher" => "^Remove-S3FeedWatcher ",
            "CopyFile" => "^(Copy-Item|cp|copy) ",
            "MoveFile" => "^(Move-Item|mv|move) ",
            "ResetTable" => "^(Reset-S3Feed .*-DropTable|peaks3feed .*reset .*--drop-table)",
            "SkipBadFiles" => "^(Set-S3Feed .*-OnBadFile Skip|peaks3feed .*onBadFile=Skip)",
            "Run" => "^(Invoke-S3Feed|peaks3feed .*run) ",
            "Plan" => "^(Get-S3FeedPlan|peaks3feed .*run .*--plan)",
            "Reset" => "^(Reset-S3Feed|peaks3feed .*reset)",
            "Rejects" or "RejectsOfRun" => "(Get-S3FeedReject|--rejects)",
            "ShowRun" => "^(Get-S3FeedRun -Id|peaks3feed .*runs --run)",
            "ShowRows" => "^(Get-S3FeedRow -Name|peaks3feed .*rows [^-])",
            "RowsOfRun" => "^(Get-S3FeedRow -RunId|peaks3feed .*rows --run)",
            "QueuePolicy" => "^(Get-S3FeedPolicy .*-For Queue|peaks3feed .*policy .*--for Queue)",
            "DestinationPolicy" => "^(Get-S3FeedPolicy .*-For|peaks3feed .*policy .*--for)",
            "ShowSetup" or "Setup" => "^(Get-S3FeedSetup|peaks3feed .*setup) ",
            "ShowPolicy" => "^(Get-S3FeedPolicy|peaks3feed .*policy)",
            "TestConnection" => "^(Test-S3Connection|peaks3feed .*test) ",
            "TestDestination" => "^(Test-S3FeedDestination|peaks3feed .*test) ",
            "Verbatim" => $"^({Regex.Escape(first)}\\w*|peaks3feed) ",
            _ => throw new InvalidOperationException($"{Key}: say in {nameof(RemedySite)} what its commands look like."),
        };
        return new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }
}
